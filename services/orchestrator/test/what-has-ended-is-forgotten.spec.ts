import { createLogger, Metrics, metricsText } from '@duofactory/platform';
import { useDatabase } from '@duofactory/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ForgetEnded } from '../src/app/retention/forget-ended.js';
import type { RetentionConfig } from '../src/app/retention/retention-config.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

const DAY_MS = 86_400_000;
const log = createLogger('forget-ended', { level: 'silent' });

/** All that has a column `run`, or tells of a task. */
const OF_RUNS = ['tasks', 'results', 'waiting', 'groups', 'run_transitions', 'more_counts', 'expansions'];
const OF_TASKS = ['attempts', 'not_picked', 'reviews'];

describe('what has ended', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);
  let played: Awaited<ReturnType<typeof aRunOnStage>>;

  beforeEach(async () => {
    const publish = { type: 'publish' };
    played = await aRunOnStage(
      database.current,
      [
        { id: 'list', type: 'rows', needs: [] },
        { id: 'say', type: 'map' },
      ],
      {},
      [publish],
    );
  });

  afterEach(async () => {
    await played.close();
    const all = [
      ...OF_RUNS,
      ...OF_TASKS,
      'runs',
      'leftovers',
      'batches',
      'batch_items',
      'dead_letters',
      'schedules',
    ];
    await database.current.query({ text: `TRUNCATE ${all.join(', ')}` });
  });

  const sql = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await database.current.query<Row>({ text, values })).rows;

  const keeping = (keep: Partial<RetentionConfig>) => {
    const metrics = new Metrics(true);
    const forget = new ForgetEnded(database.current, keep, played.stage.clock, log, metrics);
    const told = async (): Promise<string[]> =>
      (await metricsText([metrics]))
        .split('\n')
        .filter((line) => line.startsWith('duofactory_forgotten_total'));
    return { look: () => forget.look(), told };
  };

  const all = async ({ look }: { look: () => Promise<boolean> }): Promise<number> => {
    for (let pieces = 0; ; pieces += 1) if (!(await look())) return pieces;
  };

  const known = async (): Promise<string[]> =>
    (await sql<{ id: string }>('SELECT id FROM runs')).map(({ id }) => id).sort();

  /** Plays all that is asked for, until nothing is. */
  const toTheEnd = async (): Promise<void> => {
    for (let asked = await played.taken(); asked.length > 0; asked = await played.taken())
      for (const request of asked) await played.complete(request, outputs({ said: request.key }));
  };

  const another = async (blocks?: object[]): Promise<string> => {
    const { parts } = played.stage;
    if (blocks) await parts.publish.publish('another', { kind: 'workflow', id: 'another', blocks });
    const { id } = await parts.start.execute({ workflow: blocks ? 'another' : 'staged', inputs: {} });
    return id;
  };

  it('is kept for ever, if nothing else is said', async () => {
    await toTheEnd();
    played.stage.clock.advance(100_000 * DAY_MS);

    expect(await keeping({}).look()).toBe(false);

    expect(await known()).toEqual([played.run]);
  });

  it('goes with all its rows after so many days; what ended later, or goes on, stays', async () => {
    const { clock } = played.stage;
    await toTheEnd();
    clock.advance(2 * DAY_MS);
    const later = await another();
    await toTheEnd();
    const open = await another();
    clock.advance(29 * DAY_MS);
    const forget = keeping({ runDays: 30 });

    await all(forget);

    expect(await known()).toEqual([later, open].sort());
    for (const table of OF_RUNS)
      expect(await sql(`SELECT FROM ${table} WHERE run NOT IN (SELECT id FROM runs)`)).toEqual([]);
    for (const table of OF_TASKS)
      expect(await sql(`SELECT FROM ${table} WHERE task NOT IN (SELECT id FROM tasks)`)).toEqual([]);
    expect(await sql('SELECT FROM leftovers')).toEqual([]);
    expect(await forget.told()).toContain('duofactory_forgotten_total{what="runs"} 1');
    const rerun = played.stage.parts.rerun.execute({ run: played.run });
    await expect(rerun).rejects.toMatchObject({ code: 'unknown-run' });
  });

  it('goes in pieces where it is much, and is not found from the first on', async () => {
    const { clock } = played.stage;
    await toTheEnd();
    await sql(
      `INSERT INTO tasks (id, run, block, key, ord, sample, status, attempt, created_at)
        SELECT gen_random_uuid(), $1, 'say', 'list=' || n, ARRAY[n], 1, 'done', 1, now() FROM generate_series(10, 5009) AS n`,
      [played.run],
    );
    clock.advance(31 * DAY_MS);
    const forget = keeping({ runDays: 30 });

    await forget.look();

    expect(await known()).toEqual([]);
    expect((await sql('SELECT FROM tasks')).length).toBeGreaterThan(5000);
    await forget.look();
    expect((await sql('SELECT FROM tasks')).length).toBeGreaterThan(3000);
    expect(await all(forget)).toBeGreaterThanOrEqual(2);
    expect(await sql('SELECT FROM tasks')).toEqual([]);
  });

  it('stays while something that is kept refers to it', async () => {
    const { clock, parts } = played.stage;
    await toTheEnd();
    const scheduled = await another();
    const inBatch = await another();
    const above = await another();
    const inside = await another();
    await toTheEnd();
    await sql(
      `INSERT INTO schedules (id, workflow, inputs, cron, time_zone, missed, paused, next_at, last_run, updated_at)
        VALUES ('daily', 'staged', '{}', '0 6 * * *', 'UTC', 'skip', false, '2200-01-01', $1, now())`,
      [scheduled],
    );
    await sql(
      `WITH made AS (INSERT INTO batches (id, workflow, version, status, concurrency, existing, request_hash, created_at, ended_at)
        VALUES (gen_random_uuid(), 'staged', 1, 'completed', 1, 'all', '', now(), $2) RETURNING id)
      INSERT INTO batch_items (batch, ord, inputs, status, run) SELECT id, 1, '{}', 'completed', $1 FROM made`,
      [inBatch, new Date(clock.now().getTime() + 5 * DAY_MS)],
    );
    await sql(`UPDATE runs SET parent = jsonb_build_object('run', $1::text) WHERE id = $2`, [above, inside]);
    await sql(`UPDATE runs SET ended_at = $2 WHERE id = $1`, [
      inside,
      new Date(clock.now().getTime() + 5 * DAY_MS),
    ]);
    const rerun = await parts.rerun.execute({ run: played.run, from: 'say' });
    clock.advance(31 * DAY_MS);
    const forget = keeping({ runDays: 30 });

    await all(forget);

    const first = [played.run, scheduled, inBatch, above, inside, rerun.id].sort();
    expect(await known()).toEqual(first);

    await toTheEnd();
    await sql('DELETE FROM schedules');
    clock.advance(31 * DAY_MS);
    await all(forget);
    await all(forget);

    expect(await known()).toEqual([]);
    expect(await sql('SELECT FROM batches')).toEqual([]);
    expect(await sql('SELECT FROM batch_items')).toEqual([]);
    expect(await forget.told()).toContain('duofactory_forgotten_total{what="batches"} 1');
  });

  it('stays where it published something: it is where an episode comes from', async () => {
    const published = await another([{ id: 'out', type: 'publish', needs: [] }]);
    await toTheEnd();
    played.stage.clock.advance(100 * DAY_MS);

    await all(keeping({ runDays: 30 }));

    expect(await known()).toEqual([published]);
  });

  it('goes once, though two orchestrators look together, beyond what they keep', async () => {
    const published = [];
    for (let n = 0; n < 12; n += 1)
      published.push(await another([{ id: 'out', type: 'publish', needs: [] }]));
    for (let n = 0; n < 30; n += 1) await another();
    await toTheEnd();
    played.stage.clock.advance(100 * DAY_MS);
    const two = [keeping({ runDays: 30 }), keeping({ runDays: 30 })];

    await Promise.all(two.map((one) => all(one)));
    // A family that one had in hand is looked at by the other at its next look.
    await Promise.all(two.map((one) => all(one)));

    expect(await known()).toEqual(published.sort());
    const counts = (await Promise.all(two.map((one) => one.told())))
      .flat()
      .map((line) => Number(line.split(' ')[1]));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(31);
  });

  it('goes in the case of a dead letter after it was redriven', async () => {
    const { clock } = played.stage;
    const letter = `INSERT INTO dead_letters (id, topic, group_name, key, headers, body, error_code, error_message, attempts, parked_at, redriven_at)
      VALUES (gen_random_uuid(), 't', $1, '', '{}', '', 'c', 'm', 1, $2, $3)`;
    const now = clock.now();
    await sql(letter, ['old', now, now]);
    await sql(letter, ['recent', now, new Date(now.getTime() + 5 * DAY_MS)]);
    await sql(letter, ['open', now, null]);
    clock.advance(8 * DAY_MS);
    const forget = keeping({ deadLetterDays: 7 });

    await all(forget);

    const left = await sql<{ group_name: string }>('SELECT group_name FROM dead_letters ORDER BY 1');
    expect(left.map((one) => one.group_name)).toEqual(['open', 'recent']);
    expect(await known()).toEqual([played.run]);
  });
});
