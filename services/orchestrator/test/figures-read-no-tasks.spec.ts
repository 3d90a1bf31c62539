import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { OpenWork, type OpenTasks } from '../src/app/advance/open-work.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { FIGURES } from '../src/store/figures.js';
import { aRunOnStage, outputs } from './on-stage.js';

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
      [FIGURES.RUNS, FIGURES.OPEN, FIGURES.LETTERS].map(async (text) => {
        const { rows } = await current.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>({
          text: `EXPLAIN (FORMAT JSON) ${text}`,
        });
        return readsOf(rows[0]!['QUERY PLAN'][0].Plan);
      }),
    );

    expect(looks).toEqual([['runs_open'], ['runs_open'], ['dead_letters_open']]);
  });

  it('of open tasks are the sums of all counters, though a look reads those of runs that moved alone', async () => {
    const read: unknown[] = [];
    const { current } = database;
    const openWork = new OpenWork({
      query: (statement) => {
        if (statement.name === 'read-run-counts') read.push(...(statement.values![0] as unknown[]));
        return current.query(statement);
      },
    });
    // rows -> twenty maps, one after the other: counters in the run's row, and in one beside it
    const chain = Array.from({ length: 20 }, (_, n) => ({ id: `map_${n}`, type: 'map', concurrency: 2 }));
    const blocks = [{ id: 'rows', type: 'rows', needs: [] }, ...chain];
    const { stage, run: still, taken, complete, close } = await aRunOnStage(current, blocks);
    const { id: moving } = await stage.parts.start.execute({ workflow: 'staged', inputs: {} });
    for (const request of await taken()) await complete(request, outputs({}, {}, {}));
    const atStill = await taken();

    await openWork.look();
    const atFirst = read.splice(0);
    let requests = atStill.filter(({ run }) => run === moving);
    for (let step = 0; step < 50; step += 1) {
      await complete(requests[0]!, outputs({}));
      requests = [...requests.slice(1), ...(await taken())];
    }
    await openWork.look();
    const afterSteps = read.splice(0);
    await openWork.look();
    const afterNothing = read.splice(0);
    await stage.parts.cancel.execute(moving);
    const sums = (await current.query<OpenTasks>({ text: SUMS })).rows;

    expect(atFirst).toEqual(expect.arrayContaining([still, moving]));
    expect(afterSteps).toEqual([moving]);
    expect(afterNothing).toEqual([]);
    expect(sums.some(({ block }) => /map_1[5-9]/.test(block))).toBe(true);
    const found = await openWork.look();
    expect(found).toHaveLength(sums.length);
    expect(found).toEqual(expect.arrayContaining(sums));
    await close();
  });
});

const SUMS = `
  SELECT r.workflow, r.version, b.block, sum(b.ready)::int AS ready, sum(b.requested)::int AS requested,
    sum(b.tasks - b.done - b.failed - b.ready - b.requested)::int AS held
  FROM runs r JOIN blocks b ON b.run = r.id
  WHERE r.ended_at IS NULL AND NOT b.closed AND b.tasks > b.done + b.failed
  GROUP BY r.workflow, r.version, b.block`;

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
