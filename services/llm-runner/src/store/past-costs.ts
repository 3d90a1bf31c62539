import type { Queryable } from '@duofactory/platform';
import { countedUnits } from './counted-units.js';

export interface PastCost {
  block: string;
  runs: number;
  /** Means of a run. */
  calls: number;
  tokens: number;
  mean: number;
  /** Of one run. */
  highest: number;
  unpriced: number;
}

// The last runs of the workflow that paid for anything. $1 workflow, $2 how many runs
const PAST = `
  WITH last_runs AS (
    SELECT run FROM ledger WHERE workflow = $1 AND run IS NOT NULL AND state = 'done'
    GROUP BY run ORDER BY max(started_at) DESC LIMIT $2
  ), sums AS (
    SELECT l.run, l.block, count(*) AS calls, coalesce(sum(l.cost), 0) AS cost,
      sum(coalesce(${countedUnits('inputTokens')}, 0) + coalesce(${countedUnits('outputTokens')}, 0)) AS tokens,
      count(*) FILTER (WHERE l.usage IS NOT NULL AND l.cost IS NULL) AS unpriced
    FROM last_runs r JOIN ledger l ON l.run = r.run WHERE l.state = 'done' GROUP BY l.run, l.block
  )
  SELECT block, count(*)::int AS runs, avg(calls)::float8 AS calls, avg(tokens)::float8 AS tokens,
    avg(cost)::float8 AS mean, max(cost)::float8 AS highest, sum(unpriced)::int AS unpriced
  FROM sums GROUP BY block`;
const RUNS_LOOKED_AT = 20;

export async function pastCosts(db: Queryable, workflow: string): Promise<PastCost[]> {
  return (await db.query<PastCost>({ text: PAST, values: [workflow, RUNS_LOOKED_AT] })).rows;
}
