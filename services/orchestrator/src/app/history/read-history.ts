import { decodeCursor, encodeCursor, type Database } from '@duofactory/platform';
import { Type } from 'typebox';
import { readHistory, type HistoryRow } from '../../store/read-history.js';
import { readRun } from '../../store/runs.js';
import type { Plans } from '../advance/plans.js';
import { unknownRun } from '../commands/unknown-run.js';

export type Happened = Omit<HistoryRow, 'rank' | 'place' | 'name' | 'nth' | 'id'>;

const Position = Type.Object({
  at: Type.String({ format: 'date-time' }),
  rank: Type.Integer({ minimum: 0, maximum: 9 }),
  place: Type.Integer({ minimum: 0, maximum: 10_000 }),
  name: Type.String({ pattern: '^[^\\u0000]*$' }),
  nth: Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }),
  id: Type.Number(),
});

/** All that happened in a run, in time: of the run itself, its groups, tasks and their attempts. */
export class ReadHistory {
  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
  ) {}

  async execute(
    run: string,
    of: {
      readonly block: string | undefined;
      readonly key: string | undefined;
      readonly task: string | undefined;
      readonly cursor: string | undefined;
      readonly limit: number;
    },
  ): Promise<{ transitions: Happened[]; next?: string }> {
    const found = await readRun(this.database, run);
    if (!found) throw unknownRun(run);
    const { cursor, limit, ...filters } = of;
    const position = cursor === undefined ? undefined : decodeCursor(cursor, Position);
    const after = position && { ...position, at: new Date(position.at) };
    const { plan } = await this.plans.of(this.database, found.workflow, found.version);
    const blocks = plan.blocks.map(({ id }) => id);
    const rows = await readHistory(this.database, { run, ...filters, after, limit: limit + 1, blocks });
    const transitions = rows.slice(0, limit).map(told);
    const last = rows[limit - 1];
    if (rows.length <= limit || !last) return { transitions };
    const { at, rank, place, name, nth, id } = last;
    return { transitions, next: encodeCursor({ at: at.toISOString(), rank, place, name, nth, id }) };
  }
}

function told({ at, what, block, key, task, sample, attempt, worker, cause }: HistoryRow): Happened {
  return { at, what, block, key, task, sample, attempt, worker, cause };
}
