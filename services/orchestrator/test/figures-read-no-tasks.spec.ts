import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { FIGURES } from '../src/store/figures.js';

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: Plan[];
}

describe('figures for metrics', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  it('come from the counters of open runs, by their indexes', async () => {
    const { current } = database;
    await current.query({ text: MANY_ENDED_RUNS });
    await current.query({ text: 'ANALYZE runs, more_counts' });

    const looks = await Promise.all(
      [FIGURES.RUNS, FIGURES.TASKS, FIGURES.LETTERS].map(async (text) => {
        const { rows } = await current.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>({
          text: `EXPLAIN (FORMAT JSON) ${text}`,
        });
        return readsOf(rows[0]!['QUERY PLAN'][0].Plan);
      }),
    );

    expect(looks).toEqual([
      ['runs_open'],
      ['more_counts_pkey', 'runs_open', 'runs_pkey'],
      ['dead_letters_open'],
    ]);
  });
});

const MANY_ENDED_RUNS = `
  WITH made AS (
    INSERT INTO runs (id, workflow, version, status, inputs, lineage, open_work, created_at, ended_at)
    SELECT gen_random_uuid(), 'w', 1, 'completed', '{}', gen_random_uuid(), 0, now(),
      CASE WHEN n % 100 > 0 THEN now() END FROM generate_series(1, 5000) n RETURNING id)
  INSERT INTO more_counts (run, part, counts) SELECT id, 1, '' FROM made`;

/** Indexes that are used, and tables that are read from end to end. */
function readsOf(plan: Plan): string[] {
  const below = (plan.Plans ?? []).flatMap(readsOf);
  const scanned = plan['Node Type'] === 'Seq Scan' ? `all of ${plan['Relation Name']}` : undefined;
  const read = plan['Index Name'] ?? scanned;
  return [...below, ...(read ? [read] : [])].sort();
}
