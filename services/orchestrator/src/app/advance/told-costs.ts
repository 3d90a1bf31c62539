import { paymentOf, type Usage } from '@duofactory/contracts';
import type { ToldUsage } from '../../store/late-costs.js';
import type { BlockOutcome } from './block-outcome.js';

/** Of a run inside a run: it tells what it has not told before, whatever the attempt told. */
export const RUN_USAGE = { kind: 'run', provider: 'duofactory', saved: false } as const;

/** Which costs are counted already. An answer that comes again, or another one of the same attempt, costs nothing anew. */
export class ToldCosts {
  readonly #told = new Set<string>();

  constructor(rows: readonly ToldUsage[]) {
    for (const { task, attempt, usage } of rows)
      if (attempt !== null) this.add({ task, attempt, usage: usage ?? [] });
  }

  add({ task, attempt, usage = [] }: Pick<BlockOutcome, 'task' | 'attempt' | 'usage'>): void {
    // Whoever read an answer did not pay for it.
    for (const one of usage)
      if (!one.saved || one.ledger === undefined) this.#told.add(nameOf(task, attempt, one));
  }

  /** What of an answer's costs nobody has told yet. */
  newOf({ task, attempt, usage = [] }: Pick<BlockOutcome, 'task' | 'attempt' | 'usage'>): Usage[] {
    const entries = new Set<string>();
    return usage.filter((one) => {
      if (one.kind === RUN_USAGE.kind) return true;
      const name = nameOf(task, attempt, one);
      if (this.#told.has(name) || entries.has(name)) return false;
      // One attempt may come to the same entry twice: paid for, and read again.
      if (one.ledger !== undefined && !one.saved) entries.add(name);
      return true;
    });
  }
}

/** What came without an entry of a ledger is known by its attempt. */
function nameOf(task: string, attempt: number, usage: Usage): string {
  const payment = paymentOf(usage);
  return payment === undefined ? `${task}/${attempt}` : `${task} ${payment}`;
}
