import { holdOf } from '@duofactory/block-kit';
import { holdLiftedV1, storableJson, type Usage } from '@duofactory/contracts';
import { Problem, type Clock, type Transactions } from '@duofactory/platform';
import { answerCall, releaseCall } from '../store/ledger.js';
import type { ReadLedger } from './read-ledger.js';

/** Nobody knows what a call cost whose answer a person brings. */
const BY_HAND: Usage = {
  ...{ kind: 'model', provider: 'by-hand', model: 'unknown', units: {}, cost: null, saved: false },
};

/** A person's word about a call whose end nobody saw: make it again, or this was its answer. Runs that wait for it go on. */
export class ResolveCall {
  constructor(
    private readonly transactions: Transactions,
    private readonly ledger: ReadLedger,
    private readonly clock: Clock,
  ) {}

  retry(id: string): Promise<void> {
    return this.#resolve(id, (tx) => releaseCall(tx, id));
  }

  /** `text`: what the model said, as the vendor's log has it. */
  async answer(id: string, text: string): Promise<void> {
    const { kind } = await this.ledger.call(id);
    if (kind !== 'model')
      throw new Problem({
        status: 409,
        code: 'answer-not-text',
        title: 'Its answer is no text',
        detail: `Call "${id}" was for ${kind}: no log has what it answered. Decide retry`,
        errors: [
          { field: 'decision', message: 'Only what a model said can be brought by hand: decide retry' },
        ],
      });
    const [value, usage] = [storableJson({ text }), storableJson({ ...BY_HAND, ledger: id })];
    return this.#resolve(id, (tx) => answerCall(tx, { id, now: this.clock.now(), value, usage }));
  }

  async #resolve(
    id: string,
    change: (tx: Parameters<typeof releaseCall>[0]) => Promise<number | undefined>,
  ): Promise<void> {
    const { state } = await this.ledger.call(id);
    await this.transactions.run(async (tx, emit) => {
      const interrupted = await change(tx);
      if (interrupted === undefined)
        throw new Problem({
          status: 409,
          code: 'call-not-ambiguous',
          title: 'There is nothing to decide',
          detail: `Call "${id}" is ${state}: only an ambiguous one is resolved`,
        });
      emit(holdLiftedV1, { key: holdOf(id), data: { id: holdOf(id), epoch: interrupted + 1 } });
    });
  }
}
