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

interface Voice {
  set_name(name: string): void;
}

/** The glue between JavaScript and the engine's memory, made by Emscripten's WebIDL binder. */
interface Engine {
  readonly HEAPU8: Uint8Array;
  readonly eSpeakNGWorker: new () => Worker;
  readonly espeak_VOICE: new () => Voice;
  wrapPointer(address: number, of: new () => Voice): Voice;
  _webidl_malloc(bytes: number): number;
  _webidl_free(address: number): void;
}

interface Opened {
  readonly worker: Worker;
  /** Puts the memory back to what it was; false: it has grown, and cannot be put back. */
  asNew(): boolean;
}

type EngineModule = (options: object) => Promise<Engine>;

/** Names and texts that are handed over in one piece of memory, with room to spare. */
const STRING_BYTES = 32 * 1024;

const packageName = process.argv[2] ?? '';
let engine: Promise<{ open: () => Promise<Opened> }> | undefined;
let last: Opened | undefined;

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
  let opened: Opened;
  try {
    opened = last?.asNew() ? last : await (await engine).open();
  } catch (error) {
    return {
      id: ask.id,
      outcome: 'unavailable',
      reason: error instanceof Error ? error.message : String(error),
    };
  }

  // What breaks off, or does not fit, leaves a memory that is not to be put back.
  last = undefined;
  const { worker } = opened;
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

  if (Buffer.byteLength(ask.text) + Buffer.byteLength(ask.voice) < STRING_BYTES / 2) last = opened;

  return { id: ask.id, outcome: 'spoken', pcm: joined(chunks), sampleRate: worker.get_samplerate(), events };
}

/**
 * The engine seeds the breath and flutter of its voices with the time: its clock stands still, for nothing else in
 * this process needs one. A module that has spoken keeps state that changes the samples of the next text: its memory is
 * put back before each one to what it was when it was new, so that a text sounds the same for ever. (A new module is the
 * same, and takes ten times as long: its code has to be made fast anew.) The 24 MB of language data are read once and
 * shared, since the engine never writes to them.
 */
async function load(): Promise<{ open: () => Promise<Opened> }> {
  Date.now = () => 0;
  const { default: create } = (await import(packageName)) as { default: EngineModule };
  const data = await readFile(fileURLToPath(new URL('./espeak-ng.data', import.meta.resolve(packageName))));
  const shared = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);

  return {
    open: async () => {
      const module = await create({ getPreloadedPackage: () => shared });
      const worker = new module.eSpeakNGWorker();
      reserveStrings(module);
      const memory = module.HEAPU8.slice();
      return {
        worker,
        asNew: () => {
          if (module.HEAPU8.length !== memory.length) return false;
          module.HEAPU8.set(memory);
          return true;
        },
      };
    },
  };
}

/**
 * The glue keeps the address of a buffer for strings outside of the memory, and takes another when one does not fit. It
 * has to have one that fits all before the memory is remembered: else it writes where, in the memory put back, something
 * else lies.
 */
function reserveStrings(module: Engine): void {
  const address = module._webidl_malloc(256);
  const scratch = module.wrapPointer(address, module.espeak_VOICE);
  const long = ' '.repeat(STRING_BYTES);
  // The first is found too long, the second gets its buffer.
  for (const name of [long, long, '']) scratch.set_name(name);
  module._webidl_free(address);
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
