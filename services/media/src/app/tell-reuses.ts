import { MOST_EFFECTS_REUSED, effectsReusedV1, type Usage } from '@duofactory/contracts';
import type { Transactions } from '@duofactory/platform';
import type { SpeechPayer } from './speech-synthesis.js';

/**
 * Tells whoever keeps the ledger which lines were spoken, and paid for, before: they count as saved. By the outbox: what
 * is free needs nobody to be there.
 */
export class TellReuses {
  constructor(private readonly transactions: Transactions) {}

  /** Does the work with a payer that listens, and tells what it heard when the work is done. */
  async of<T>(payer: SpeechPayer, work: (payer: SpeechPayer) => Promise<T>): Promise<T> {
    const times = new Map<string, number>();
    const onUsage = (usage: Usage): void => {
      const { ledger, saved } = usage;
      if (saved && ledger !== undefined) times.set(ledger, (times.get(ledger) ?? 0) + 1);
      payer.onUsage(usage);
    };
    const done = await work({ ...payer, onUsage });
    if (times.size > 0) await this.#tell(payer, [...times]);
    return done;
  }

  async #tell(
    { run, workflow, task, block }: SpeechPayer,
    times: readonly (readonly [string, number])[],
  ): Promise<void> {
    const effects = times.map(([ledger, count]) => ({ ledger, task, block, times: count }));
    const of = { ...(run === undefined ? {} : { run }), ...(workflow === undefined ? {} : { workflow }) };
    await this.transactions.run(async (_tx, emit) => {
      for (let from = 0; from < effects.length; from += MOST_EFFECTS_REUSED) {
        const data = { ...of, effects: effects.slice(from, from + MOST_EFFECTS_REUSED) };
        emit(effectsReusedV1, { key: run ?? task, ...(run === undefined ? {} : { subject: run }), data });
      }
    });
  }
}
