import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { OpenWork } from '../src/app/advance/open-work.js';
import { Plans } from '../src/app/advance/plans.js';
import { ShowWork } from '../src/app/history/show-work.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

const MINUTE_MS = 60_000;
/** 4 rows -> map, three at a time: what is out, what waits, what ended */
const blocks = [
  { id: 'brief', type: 'rows', needs: [] },
  { id: 'title', type: 'map', concurrency: 3, onError: 'drop', retry: { attempts: 1 } },
];

describe('the work of block types', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  it('is told by type: what waits, since when, and how much of what ended failed', async () => {
    const { stage, run, taken, complete, close } = await aRunOnStage(database.current, blocks);
    const { clock, parts } = stage;
    const work = new ShowWork(database.current, new OpenWork(database.current), new Plans(), clock);
    const [brief] = await taken();
    await complete(brief!, outputs({}, {}, {}, {}, {}, {}));
    const [first, second, third] = await taken();
    const since = clock.now();
    clock.advance(MINUTE_MS);
    const error = { code: 'broken', message: 'It is broken', retryable: false };
    await parts.advance.settle([
      { run, task: second!.task, attempt: second!.attempt, kind: 'failed', error },
    ]);

    const before = await work.execute(1);
    for (const request of [first!, third!]) await complete(request, outputs({}));
    const after = await work.execute(1);

    expect(before.since).toEqual(new Date(clock.now().getTime() - 60 * MINUTE_MS));
    // What fails most stands first; types that do nothing are told too.
    expect(before.types[0]).toEqual({
      ...{ type: 'map', service: expect.any(String), ready: 2, requested: 3, held: 0 },
      oldestSeen: { run, workflow: 'staged', block: 'title', task: first!.task, requestedAt: since },
      ...{ done: 0, failed: 1, failureRate: 1 },
      lastFailure: { run, workflow: 'staged', block: 'title' },
    });
    expect(before.types.find(({ type }) => type === 'rows')).toMatchObject({ done: 1, failureRate: 0 });
    expect(before.types.find(({ type }) => type === 'collect')).toMatchObject({
      ...{ requested: 0, oldestSeen: null, failureRate: null, lastFailure: null },
    });
    const title = after.types.find(({ type }) => type === 'map')!;
    expect(title).toMatchObject({ requested: 3, done: 2, failed: 1, failureRate: 1 / 3 });
    expect(title.oldestSeen!.requestedAt.getTime()).toBeGreaterThan(since.getTime());
    await close();
  });

  it('counts what ended of runs that began lately alone', async () => {
    const { stage, taken, complete, close } = await aRunOnStage(database.current, blocks);
    const { clock } = stage;
    const work = new ShowWork(database.current, new OpenWork(database.current), new Plans(), clock);
    const [brief] = await taken();
    await complete(brief!, outputs({}));
    const doneOf = async (): Promise<number> =>
      (await work.execute(1)).types.find(({ type }) => type === 'rows')!.done;

    const now = await doneOf();
    clock.advance(61 * MINUTE_MS);

    expect([now > 0, await doneOf()]).toEqual([true, 0]);
    await close();
  });

  it('looks for what is out longest where runs began first, however many are open', async () => {
    const { stage, run, taken, complete, close } = await aRunOnStage(database.current, blocks);
    const work = new ShowWork(database.current, new OpenWork(database.current), new Plans(), stage.clock);
    const [brief] = await taken();
    await complete(brief!, outputs({}, {}));
    const values = [run];
    const other = `(lpad(to_hex(n), 8, '0') || '-0000-4000-8000-000000000000')::uuid`;
    // The later it began, the lower its id.
    const time = `timestamptz '2029-01-01' + (1000 - n) * interval '1 minute'`;
    for (const text of [
      `INSERT INTO runs (id, workflow, version, status, inputs, lineage, open_work, created_at, counts)
        SELECT ${other}, workflow, version, status, inputs, lineage, open_work, ${time}, counts
        FROM runs, generate_series(1, 600) AS n WHERE id = $1`,
      `INSERT INTO tasks (id, run, block, key, ord, sample, status, attempt, created_at, requested_at)
        SELECT ${other}, ${other}, block, key, ord, sample, status, attempt, ${time}, ${time}
        FROM generate_series(1, 600) AS n, (SELECT * FROM tasks WHERE run = $1 AND block = 'title' LIMIT 1) AS t`,
    ])
      await database.current.query({ text, values });

    const title = (await work.execute(1)).types.find(({ type }) => type === 'map')!;

    expect(title.oldestSeen!.run).toBe('00000258-0000-4000-8000-000000000000');
    await close();
  });
});
