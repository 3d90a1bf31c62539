import type { ResultRow } from '@duofactory/engine';
import type { GroupKey } from '../../../store/groups.js';
import { readResults } from '../../../store/read-results.js';
import type { Transaction } from '../../../store/transaction.js';
import type { SeenResult } from '../task-input.js';
import { rowName } from './locked-runs.js';

/** Results that a transaction has made or read. A result never changes, so each is read once. */
export class SeenResults {
  readonly #rows = new Map<string, SeenResult>();

  constructor(private readonly tx: Transaction) {}

  add(run: string, row: ResultRow): void {
    this.#rows.set(rowName(run, row.block, row.key), row);
  }

  async load(keys: Iterable<GroupKey>): Promise<void> {
    const missing = new Map<string, GroupKey>();
    for (const key of keys) {
      const name = rowName(key.run, key.block, key.key);
      if (!this.#rows.has(name)) missing.set(name, key);
    }
    for (const row of await readResults(this.tx, [...missing.values()]))
      this.#rows.set(rowName(row.run, row.block, row.key), row);
  }

  of(run: string): (block: string, key: string) => SeenResult | undefined {
    return (block, key) => this.#rows.get(rowName(run, block, key));
  }
}
