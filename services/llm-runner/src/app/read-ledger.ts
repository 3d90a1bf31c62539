import { Problem, decodeCursor, encodeCursor, type Database } from '@duofactory/platform';
import { Type } from 'typebox';
import {
  listCalls,
  sumLedger,
  type Grouping,
  type LedgerCall,
  type LedgerFilter,
  type LedgerSum,
} from '../store/ledger.js';

export { GROUPINGS, type Grouping, type LedgerFilter } from '../store/ledger.js';

const SumPosition = Type.Object({ at: Type.String({ format: 'date-time' }), name: Type.String() });
const CallPosition = Type.Object({ at: Type.String({ format: 'date-time' }), id: Type.String() });

export interface LedgerPage {
  readonly currency: 'USD';
  /** Of all groups, on every page. */
  readonly total: Omit<LedgerSum, 'name' | 'lastAt'> & { readonly lastAt: Date | null };
  readonly groups: readonly LedgerSum[];
  readonly next?: string;
}

const NOTHING = {
  ...{ calls: 0, cost: 0, unpriced: 0, replays: 0, saved: 0, ambiguous: 0 },
  ...{
    inputTokens: 0,
    cachedInputTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    characters: 0,
    lastAt: null,
  },
};

/** What models and voices cost, and what was saved by using answers again. */
export class ReadLedger {
  constructor(private readonly database: Database) {}

  async sums(of: {
    by: Grouping;
    filter: LedgerFilter;
    cursor?: string;
    limit: number;
  }): Promise<LedgerPage> {
    const { by, filter, cursor, limit } = of;
    const after = cursor === undefined ? undefined : decodeCursor(cursor, SumPosition);
    const rows = await sumLedger(this.database, {
      ...{ by, filter, limit: limit + 1 },
      ...(after ? { after: { at: new Date(after.at), name: after.name } } : {}),
    });
    const [all] = await sumLedger(this.database, { filter, limit: 1 });
    const { name: _, ...total } = all ?? { name: null, ...NOTHING };
    const groups = rows.slice(0, limit);
    const last = groups.at(-1);
    const next =
      rows.length > limit && last
        ? encodeCursor({ at: last.lastAt.toISOString(), name: last.name ?? '' })
        : undefined;
    return { currency: 'USD', total, groups, ...(next === undefined ? {} : { next }) };
  }

  async calls(of: {
    filter: LedgerFilter;
    state?: string;
    cursor?: string;
    limit: number;
  }): Promise<{ calls: LedgerCall[]; next?: string }> {
    const { filter, state, cursor, limit } = of;
    const before = cursor === undefined ? undefined : decodeCursor(cursor, CallPosition);
    const rows = await listCalls(this.database, {
      ...{ filter, limit: limit + 1 },
      ...(state === undefined ? {} : { state }),
      ...(before ? { before: { at: new Date(before.at), id: before.id } } : {}),
    });
    const calls = rows.slice(0, limit);
    const last = calls.at(-1);
    return rows.length > limit && last
      ? { calls, next: encodeCursor({ at: last.startedAt.toISOString(), id: last.id }) }
      : { calls };
  }

  async call(id: string): Promise<LedgerCall> {
    const [call] = await listCalls(this.database, { filter: {}, id, limit: 1 });
    if (call) return call;
    throw new Problem({
      status: 404,
      code: 'unknown-call',
      title: 'Unknown call',
      detail: `The ledger has no call "${id}": GET /api/ledger/calls lists them`,
    });
  }
}
