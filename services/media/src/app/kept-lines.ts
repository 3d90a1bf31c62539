import type { Ref } from '@duofactory/contracts';
import { ConditionFailed, ObjectCorrupt, ObjectMissing, type ObjectStore } from '@duofactory/objects';
import { SpeechSynthesis, type Speech, type SpeechRequest, type Voice } from './speech-synthesis.js';
import { spokenLineKey } from './spoken-line-key.js';

/** A spoken line as it is kept: its times, and where its samples (16 bits, little endian) are. */
type KeptLine = Omit<Speech, 'pcm'> & { readonly pcm: Ref };

/**
 * Speaks each line once ever: what was spoken lies in the object store, under all that it sounds like, for every
 * process, course and run. A line that was lost there is spoken again.
 */
export class KeptLines extends SpeechSynthesis {
  constructor(
    private readonly synthesis: SpeechSynthesis,
    private readonly objects: ObjectStore,
  ) {
    super();
  }

  get provider(): string {
    return this.synthesis.provider;
  }

  get engine(): string {
    return this.synthesis.engine;
  }

  languages(): readonly string[] {
    return this.synthesis.languages();
  }

  voicesFor(language: string): readonly Voice[] {
    return this.synthesis.voicesFor(language);
  }

  async speak(request: SpeechRequest, signal: AbortSignal): Promise<Speech> {
    const key = spokenLineKey(this.engine, request);
    const name = `lines/${key.slice(0, 2)}/${key}.json`;
    const kept = await this.read(name);
    if (kept) return kept;

    const speech = await this.synthesis.speak(request, signal);
    await this.keep(name, speech);

    return speech;
  }

  private async read(name: string): Promise<Speech | undefined> {
    const found = await this.objects.getNamed(name);
    if (!found) return undefined;
    const { pcm, ...rest } = JSON.parse(Buffer.from(found.bytes).toString()) as KeptLine;
    try {
      const bytes = await this.objects.get(pcm);

      return { ...rest, pcm: new Int16Array(bytes.slice().buffer, 0, bytes.length >> 1) };
    } catch (error) {
      if (error instanceof ObjectMissing || error instanceof ObjectCorrupt) return undefined;
      throw error;
    }
  }

  private async keep(name: string, { pcm, ...rest }: Speech): Promise<void> {
    const bytes = new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
    const line: KeptLine = { ...rest, pcm: await this.objects.put(bytes, 'audio/L16') };
    try {
      await this.objects.putNamed(name, Buffer.from(JSON.stringify(line)), 'application/json', {
        ifNoneMatch: '*',
      });
    } catch (error) {
      // Another process spoke it meanwhile, or its samples were lost: either one sounds the same.
      if (!(error instanceof ConditionFailed)) throw error;
    }
  }
}
