import type { Queryable } from '@duofactory/platform';

export interface Reuse {
  readonly ledger: string;
  /** Empty: for no run. */
  readonly run: string;
  readonly task: string;
  readonly workflow: string | null;
  readonly block: string;
  readonly times: number;
}

// As told, not added up: a second delivery says the same. What another service's ledger has is not ours to count, and a
// task that reads in a later attempt what it paid for in an earlier one saves nothing.
// $1 ledger keys, $2 runs, $3 tasks, $4 workflows, $5 blocks, $6 how often, $7 now
const COUNT = `INSERT INTO ledger_replays (ledger, run, task, workflow, block, times, at)
  SELECT u.ledger, u.run, u.task, u.workflow, u.block, u.times, $7
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[])
    AS u(ledger, run, task, workflow, block, times)
  JOIN ledger l ON l.id = u.ledger AND (l.run::text, l.task::text) IS DISTINCT FROM (u.run, u.task) ORDER BY 1, 2, 3
  ON CONFLICT (ledger, run, task) DO UPDATE SET times = excluded.times, at = excluded.at`;

export async function countReuses(db: Queryable, reuses: readonly Reuse[], now: Date): Promise<void> {
  if (reuses.length === 0) return;
  const values = [
    reuses.map((one) => one.ledger),
    reuses.map((one) => one.run),
    reuses.map((one) => one.task),
    reuses.map((one) => one.workflow),
    reuses.map((one) => one.block),
    reuses.map((one) => one.times),
    now,
  ];
  await db.query({ name: 'count-reuses', text: COUNT, values });
}
