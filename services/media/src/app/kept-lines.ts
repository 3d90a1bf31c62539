import { BlockFailure, type EffectLedger } from '@duofactory/block-kit';
import type { Ref } from '@duofactory/contracts';
import { ConditionFailed, ObjectCorrupt, ObjectMissing, type ObjectStore } from '@duofactory/objects';
import {
  SpeechSynthesis,
  type Speech,
  type SpeechPayer,
  type SpeechRequest,
  type Voice,
} from './speech-synthesis.js';
import { spokenLineKey } from './spoken-line-key.js';

/** A spoken line as it is kept: its times, and where its samples (16 bits, little endian) are. */
type KeptLine = Omit<Speech, 'pcm' | 'usage'> & { readonly pcm: Ref };

/**
 * Speaks each line once ever: what was spoken lies in the object store, under all that it sounds like, for every
 * process, course and run. A line that was lost there is spoken again. What costs money goes through the ledger: of all
 * processes that come to a line at one time one speaks it.
 */
export class KeptLines extends SpeechSynthesis {
  constructor(
    private readonly synthesis: SpeechSynthesis,
    private readonly objects: ObjectStore,
    private readonly ledger: EffectLedger,
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

  async speak(request: SpeechRequest, signal: AbortSignal, payer?: SpeechPayer): Promise<Speech> {
    const key = spokenLineKey(this.engine, request);
    const name = `lines/${key.slice(0, 2)}/${key}.json`;
    const kept = await this.read(name);
    if (kept) return kept;
    if (this.synthesis.paid) return this.speakOnce(key, name, { request, signal, payer });

    const speech = await this.synthesis.speak(request, signal);
    await this.keep(name, speech);

    return speech;
  }

  private async speakOnce(
    key: string,
    name: string,
    of: { request: SpeechRequest; signal: AbortSignal; payer: SpeechPayer | undefined },
  ): Promise<Speech> {
    const { request, signal, payer } = of;
    const { run, task, workflow } = payer ?? {};
    const readers = {
      ...(run === undefined ? {} : { run }),
      ...(task === undefined ? {} : { task }),
      ...(workflow === undefined ? {} : { workflow }),
      subject: request.voice,
    };
    // What the ledger knows may have been lost in the store since: then it is another effect.
    for (let sample = 1; ; sample += 1) {
      const { usage } = await this.ledger.once({
        ...{ lineage: 'speech', block: 'speech', key, sample, step: 'speak', ...readers },
        request: { engine: this.engine, ...request },
        effect: async (its) => {
          const { usage: paid, ...speech } = await this.synthesis.speak(request, its);
          await this.keepPaid(name, speech);
          const { requestId } = paid ?? {};

          return {
            value: name,
            ...(paid ? { usage: { ...paid, saved: false } } : {}),
            ...(requestId === undefined ? {} : { requestId }),
          };
        },
        signal,
      });
      if (usage) payer?.onUsage(usage);
      const spoken = await this.read(name);
      if (spoken) return spoken;
    }
  }

  /** It is paid for: where it cannot be kept, that must not be forgotten. */
  private async keepPaid(name: string, speech: Speech): Promise<void> {
    try {
      await this.keep(name, speech);
    } catch (cause) {
      throw new BlockFailure('line-not-kept', `The object store did not take "${name}": is it there?`, {
        ...{ retryable: true, ambiguous: true, cause },
      });
    }
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
