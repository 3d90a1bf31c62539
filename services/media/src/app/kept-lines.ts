import {
  BlockFailure,
  effectId,
  type Effect,
  type EffectCall,
  type EffectLedger,
} from '@duofactory/block-kit';
import type { Ref, Usage } from '@duofactory/contracts';
import { isOutage } from '@duofactory/messaging';
import {
  ConditionFailed,
  ObjectCorrupt,
  ObjectMissing,
  type NamedObject,
  type ObjectStore,
} from '@duofactory/objects';
import { sentenceTimes } from './sentence-times.js';
import { PaidHalves } from './paid-halves.js';
import type { SpeechBudget } from './speech-budget.js';
import { SpeechFailure, SpeechHalfPaid } from './speech-failure.js';
import {
  SpeechSynthesis,
  type Speech,
  type SpeechCall,
  type SpeechPayer,
  type SpeechPrice,
  type SpeechRequest,
  type Voice,
} from './speech-synthesis.js';
import { spokenLineKey } from './spoken-line-key.js';

/**
 * A spoken line as it is kept: its times, where its samples (16 bits, little endian) are, and what was paid for it.
 */
type KeptLine = Omit<Speech, 'pcm' | 'sentences'> &
  Partial<Pick<Speech, 'sentences'>> & { readonly pcm: Ref };

export interface SpeechMoney {
  readonly ledger: EffectLedger;
  readonly budget: SpeechBudget;
}

const NEVER = new AbortController().signal;
/** Others may keep the same line at the same moment, each a moment later. */
const MOST_TRIES = 20;

/**
 * Speaks each line once ever: what was spoken lies in the object store, under all that it sounds like, for every
 * process, course and run. A line that was lost there is spoken again. What costs money goes through the ledger and the
 * budgets: of all processes that come to a line at one time one speaks it.
 */
export class KeptLines extends SpeechSynthesis {
  private readonly halves: PaidHalves;

  constructor(
    private readonly synthesis: SpeechSynthesis,
    private readonly objects: ObjectStore,
    private readonly money: SpeechMoney,
  ) {
    super();
    this.halves = new PaidHalves(objects);
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

  override priceOf(request: SpeechRequest): SpeechPrice | undefined {
    return this.synthesis.priceOf(request);
  }

  async speak(request: SpeechRequest, signal: AbortSignal, { payer }: SpeechCall = {}): Promise<Speech> {
    const key = spokenLineKey(this.engine, request);
    const name = `lines/${key.slice(0, 2)}/${key}.json`;
    const kept = await this.read(name, request);
    if (kept) return kept;
    const price = this.priceOf(request);
    if (price) return this.speakOnce({ key, name, request, price, payer }, signal);

    const speech = await this.synthesis.speak(request, signal);
    await this.keep(name, request, speech);

    return speech;
  }

  private async speakOnce(line: LineToPay, signal: AbortSignal): Promise<Speech> {
    const { key, name, request, payer } = line;
    const asked = { engine: this.engine, ...request };
    // What the ledger knows may have been lost in the store since: then it is another effect.
    for (let paid = false, sample = 1; ; sample += 1) {
      const identity = { lineage: 'speech', block: 'speech', key, sample, step: 'speak' };
      const id = effectId(identity, asked);
      const { usage, told } = await this.money.ledger.once({
        ...{ ...identity, ...readersOf(payer), kind: 'speech', subject: request.voice, request: asked },
        effect: (its, call) => {
          paid = true;
          return this.pay({ ...line, id }, call, its);
        },
        signal,
      });
      if (usage && !usage.saved && !told) payer?.onUsage(usage);
      const spoken = await this.read(name, request);
      if (spoken) return usage ? { ...spoken, usage } : spoken;
      // A store that loses what it has just taken would lose the next one too.
      if (paid) throw notKept(name, { retryable: false });
    }
  }

  private async pay(
    { id, key, name, request, price, payer }: LineToPay & { readonly id: string },
    { id: call, interrupted }: EffectCall,
    signal: AbortSignal,
  ): Promise<Effect<string>> {
    const { settle } = await this.money.budget.lease({ call, interrupted, payer, price }, signal);
    let paidBefore = 0;
    try {
      // What is sent is paid for: it is heard to its end, though nobody may wait for it any more.
      const halves = await this.halves.of(key);
      const spoken = await this.speakRest({ key, request, payer }, { name: call, halves }, (usage) => {
        paidBefore = usage.cost?.amount ?? price.amount ?? 0;
      });
      const usage = spoken.usage && { ...spoken.usage, ledger: id };
      await this.keepPaid(name, request, {
        ...spoken,
        ...(usage ? { usage } : {}),
        ...(payer ? { paidBy: payer.task } : {}),
      });
      const requestId = usage?.requestId;

      return {
        value: name,
        ...(usage ? { usage } : {}),
        ...(requestId === undefined ? {} : { requestId }),
        // A price that turns out unknown is no reason to count nothing: what was expected is nearer.
        afterwards: async () => {
          await settle(usage?.cost?.amount ?? price.amount);
          if (halves.length > 0) await this.halves.forget(key);
        },
      };
    } catch (error) {
      const lost = (error instanceof SpeechFailure || error instanceof BlockFailure) && error.ambiguous;
      // Whose end nobody saw may have been paid for: the budget takes it for that.
      await settle(lost ? price.amount : paidBefore).catch(() => undefined);
      if (!(error instanceof SpeechFailure && error.ambiguous)) throw error;
      const { code, message, retryable, afterMs } = error;
      throw new BlockFailure(code, message, {
        ...{ retryable, ambiguous: true, cause: error },
        ...(afterMs === undefined ? {} : { afterMs }),
      });
    }
  }

  /** What is paid for before it fails is counted, and kept for the next call: there may be none. */
  private async speakRest(
    { key, request, payer }: Pick<LineToPay, 'key' | 'request' | 'payer'>,
    of: SpeechCall,
    onHalf: (usage: Usage) => void,
  ): Promise<Speech> {
    try {
      return await this.synthesis.speak(request, NEVER, of);
    } catch (error) {
      if (!(error instanceof SpeechHalfPaid)) throw error;
      const counted = await this.count({ key, request, payer }, error);
      if (counted) onHalf(counted);
      const halves = counted ? error.halves.map((half) => ({ ...half, counted: true })) : error.halves;
      // No call follows, and nothing that was paid before is left to tell: it failed as if nothing had been.
      if (!error.retryable) throw halves.every((half) => half.counted) ? error.cause : error;
      await this.halves.keep(key, halves).catch((cause: unknown) => {
        throw notKept(key, { retryable: true, ambiguous: true, cause });
      });
      throw error;
    }
  }

  /** Undefined where there is nothing new, or the ledger is away: then the line counts them when it is spoken. */
  private async count(
    { key, request, payer }: Pick<LineToPay, 'key' | 'request' | 'payer'>,
    { halves, usage: paid }: SpeechHalfPaid,
  ): Promise<Usage | undefined> {
    const fresh = halves.filter(({ counted = false }) => !counted);
    if (fresh.length === 0) return undefined;
    const { requestId } = paid;
    const { usage, told } = await this.money.ledger
      .once({
        ...{ lineage: 'speech', block: 'speech', key, sample: 1, step: 'half', ...readersOf(payer) },
        ...{ kind: 'speech', subject: request.voice, signal: NEVER },
        // Of other calls of the same it is another payment.
        request: fresh.map((half) => [half.request, half.requestId ?? null]),
        effect: async () => ({ value: true, usage: paid, ...(requestId === undefined ? {} : { requestId }) }),
      })
      .catch((error: unknown) => {
        if (!(error instanceof BlockFailure) && !isOutage(error)) throw error;
        return { usage: undefined, told: undefined };
      });
    if (usage && !told) payer?.onUsage(usage);
    return usage;
  }

  /** It is paid for: where it cannot be kept, that must not be forgotten. */
  private async keepPaid(name: string, request: SpeechRequest, speech: Speech): Promise<void> {
    try {
      await this.keep(name, request, speech);
    } catch (cause) {
      throw notKept(name, { retryable: true, ambiguous: true, cause });
    }
  }

  private async read(name: string, request: SpeechRequest): Promise<Speech | undefined> {
    const found = await this.objects.getNamed(name);
    return found && this.heard(found, request);
  }

  /** Undefined: it, or its samples, were lost. */
  private async heard(found: NamedObject, { text, language }: SpeechRequest): Promise<Speech | undefined> {
    try {
      const { pcm, ...rest } = JSON.parse(Buffer.from(found.bytes).toString()) as KeptLine;
      const bytes = await this.objects.get(pcm);

      return {
        ...rest,
        // Of lines that were kept before sentences were told.
        sentences: rest.sentences ?? sentenceTimes(text.normalize('NFC'), { language, words: rest.words }),
        ...(rest.usage ? { usage: { ...rest.usage, saved: true } } : {}),
        pcm: new Int16Array(bytes.slice().buffer, 0, bytes.length >> 1),
      };
    } catch (error) {
      if (LOST.some((kind) => error instanceof kind)) return undefined;
      throw error;
    }
  }

  /** Where another process spoke it meanwhile, and it can be heard, that one stays: all hear the same. */
  private async keep(name: string, request: SpeechRequest, { pcm, ...rest }: Speech): Promise<void> {
    const bytes = new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
    const line: KeptLine = { ...rest, pcm: await this.objects.put(bytes, 'audio/L16') };
    const json = Buffer.from(JSON.stringify(line));
    for (let tries = 1; ; tries += 1) {
      const standing = await this.objects.getNamed(name);
      if (standing && (await this.heard(standing, request))) return;
      const condition = standing ? { ifMatch: standing.etag } : ({ ifNoneMatch: '*' } as const);
      try {
        await this.objects.putNamed(name, json, 'application/json', condition);
        return;
      } catch (error) {
        if (!(error instanceof ConditionFailed) || tries === MOST_TRIES) throw error;
      }
    }
  }
}

/** There no more, changed in place, or cut. */
const LOST = [ObjectMissing, ObjectCorrupt, SyntaxError];

interface LineToPay {
  readonly key: string;
  readonly name: string;
  readonly request: SpeechRequest;
  readonly price: SpeechPrice;
  readonly payer: SpeechPayer | undefined;
}

/** A line that was paid for is not in the store. */
function notKept(
  name: string,
  options: { retryable: boolean; ambiguous?: boolean; cause?: unknown },
): BlockFailure {
  return new BlockFailure(
    'line-not-kept',
    `The object store did not keep "${name}" or its samples: is it there, and does nothing delete from it?`,
    options,
  );
}

/** For whoever reads the ledger. */
function readersOf(payer: SpeechPayer | undefined): object {
  if (!payer) return {};
  const { run, task, workflow, block, late } = payer;
  return {
    ...{ task, payer: block, late },
    ...(run === undefined ? {} : { run }),
    ...(workflow === undefined ? {} : { workflow }),
  };
}
