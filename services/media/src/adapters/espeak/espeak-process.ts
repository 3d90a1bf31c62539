/**
 * The engine's own process: the package is GPL, so it is loaded here only, and talked to by messages.
 *
 * This file imports nothing of ours at run time: Node starts it as it is, also from the sources. Its first argument
 * is the name of the engine's package. It ends with its parent.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { EspeakAnswer, EspeakAsk, EspeakEvent } from './protocol.js';

interface RawEvent {
  type: string;
  audio_position: number;
  text_position: number;
  id?: string | number;
}

interface Worker {
  set_voice(name: string): number;
  set_rate(wordsPerMinute: number): void;
  get_samplerate(): number;
  /** The callback's answer `true` stops the engine. */
  synthesize(text: string, onAudio: (pcm: Int16Array, events: RawEvent[]) => boolean): void;
}

type EngineModule = (options: object) => Promise<{ eSpeakNGWorker: new () => Worker }>;

const packageName = process.argv[2] ?? '';
let engine: Promise<{ create: () => Promise<Worker> }> | undefined;

process.on('disconnect', () => process.exit());
process.on('message', (ask: EspeakAsk) => {
  answer(ask).then(
    (message) => process.send?.(message),
    (error: unknown) =>
      process.send?.({ id: ask.id, outcome: 'failed', reason: String(error) } satisfies EspeakAnswer),
  );
});

async function answer(ask: EspeakAsk): Promise<EspeakAnswer> {
  engine ??= load();
  let worker: Worker;
  try {
    worker = await (await engine).create();
  } catch (error) {
    return {
      id: ask.id,
      outcome: 'unavailable',
      reason: error instanceof Error ? error.message : String(error),
    };
  }

  // An unknown voice leaves the one before in place, silently but for this code.
  if (worker.set_voice(ask.voice) !== 0) return { id: ask.id, outcome: 'voice-unknown' };
  worker.set_rate(ask.wordsPerMinute);

  const chunks: Int16Array[] = [];
  const events: EspeakEvent[] = [];
  worker.synthesize(ask.text, (pcm, raw) => {
    chunks.push(pcm);
    for (const event of raw) {
      events.push({
        type: event.type,
        atMs: event.audio_position,
        index: event.text_position,
        phoneme: event.type === 'phoneme' ? String(event.id) : '',
      });
    }
    return false;
  });

  return { id: ask.id, outcome: 'spoken', pcm: joined(chunks), sampleRate: worker.get_samplerate(), events };
}

/**
 * The engine seeds the breath and flutter of its voices with the time: its clock stands still, for nothing else in
 * this process needs one. A module that has spoken keeps state that changes the samples of the next text: a fresh one for each text makes
 * them the same for ever. The 24 MB of language data are read once and shared, since the engine never writes to them.
 */
async function load(): Promise<{ create: () => Promise<Worker> }> {
  Date.now = () => 0;
  const { default: create } = (await import(packageName)) as { default: EngineModule };
  const data = await readFile(fileURLToPath(new URL('./espeak-ng.data', import.meta.resolve(packageName))));
  const shared = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);

  return {
    create: async () => new (await create({ getPreloadedPackage: () => shared })).eSpeakNGWorker(),
  };
}

function joined(chunks: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }

  return whole;
}
