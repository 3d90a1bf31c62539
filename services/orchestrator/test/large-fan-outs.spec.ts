import type { BlockRequested } from '@duofactory/contracts';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { ShowTimeline } from '../src/app/history/show-timeline.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { brokenInvariants } from '../src/scenarios/broken-invariants.js';
import { aRunOnStage, outputs } from './on-stage.js';

const MANY = 2500;
const FAN = { id: 'fan', type: 'rows', needs: [] };

const rows = (count: number) => outputs(...Array.from({ length: count }, (_, i) => ({ i })));
const keys = (count: number): string[] => Array.from({ length: count }, (_, i) => `fan=${i + 1}`);

type Played = Awaited<ReturnType<typeof aRunOnStage>>;

describe('a fan-out of more than 1,000', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  const aFan = async (blocks: object[]): Promise<Played & { fan: BlockRequested }> => {
    const played = await aRunOnStage(database.current, [FAN, ...blocks]);
    const [fan] = (await played.taken()).filter(({ run }) => run === played.run);
    return { ...played, fan: fan! };
  };

  const expand = ({ stage, run }: Played): Promise<boolean> => stage.parts.expand.look(run);

  const settleAll = ({ stage }: Played, requests: readonly BlockRequested[]) =>
    stage.parts.advance.settle(
      requests.map(({ run, task, attempt, key }) => {
        return { run, task, attempt, kind: 'completed', outcome: outputs({ key }) };
      }),
    );

  /** Answers what is asked for, and bears what is to be born, until nothing is. Returns what was asked last. */
  const toItsEnd = async (played: Played): Promise<BlockRequested> => {
    let last: BlockRequested | undefined;
    for (;;) {
      const requests = (await played.taken()).filter(({ run }) => run === played.run);
      last = requests.at(-1) ?? last;
      if (requests.length > 0) await settleAll(played, requests);
      else if (!(await expand(played))) return last!;
    }
  };

  const listOf = async ({ stage }: Played, { task }: BlockRequested): Promise<string[]> => {
    const { payloads } = await stage.parts.payloads.execute(task, { from: 0, limit: 100_000 });
    return payloads.map(({ key }) => key);
  };

  const brokenIn = async ({ stage, run }: Played): Promise<string[]> => {
    const { workflow, version } = await stage.parts.runs.show(run);
    const { plan } = await stage.parts.plans.of(database.current, workflow, version);
    const broken = await brokenInvariants(database.current, plan, run);
    // In the midst of a run something may be on its way.
    return broken.filter((one) => !one.startsWith('11 the outbox'));
  };

  const countsOf = async ({ show }: Played, id: string) => {
    const { tasks, ready, requested, done } = (await show()).blocks.find(({ block }) => block === id)!;
    return { tasks, ready, requested, done };
  };

  it('is born piece by piece, and those that are joined below are as many', async () => {
    const played = await aFan([
      { id: 'left', type: 'map', needs: ['fan'] },
      { id: 'right', type: 'map', needs: ['fan'] },
      { id: 'both', type: 'map', needs: ['left', 'right'] },
      { id: 'all', type: 'collect' },
    ]);
    const made: number[] = [];

    await played.complete(played.fan, rows(MANY));
    do made.push((await countsOf(played, 'left')).tasks);
    while (await expand(played));
    const all = await toItsEnd(played);

    // Two tasks come of each payload.
    expect(made).toEqual([0, 500, 1000, 1500, 2000, 2500]);
    expect(await listOf(played, all)).toEqual(keys(MANY));
    expect((await played.show()).status).toBe('completed');
    expect(await brokenIn(played)).toEqual([]);
    await played.close();
  });

  it('joins more than 1,000 piece by piece as well', async () => {
    const played = await aRunOnStage(database.current, [
      FAN,
      { id: 'show', type: 'rows', needs: [] },
      { id: 'each', type: 'map', needs: ['fan', 'show'], cross: true },
    ]);
    const [fan, show] = await played.taken();
    await played.complete(fan!, rows(MANY));
    while (await expand(played));
    const made: number[] = [];

    await played.complete(show!, rows(1));
    do made.push((await countsOf(played, 'each')).tasks);
    while (await expand(played));

    expect(made).toEqual([0, 1000, 2000, 2500]);
    expect(await brokenIn(played)).toEqual([]);
    await toItsEnd(played);
    expect((await played.show()).status).toBe('completed');
    await played.close();
  });

  it('goes on in a new process, and in two at once bears each payload once', async () => {
    const played = await aFan([
      { id: 'work', type: 'map' },
      { id: 'all', type: 'collect' },
    ]);
    await played.complete(played.fan, rows(MANY * 2));
    await expand(played);

    played.stage.restart();
    const before = played.stage.parts.expand;
    played.stage.restart();
    const both = [before, played.stage.parts.expand];
    while ((await Promise.all(both.map((one) => one.look()))).some(Boolean));

    expect(await countsOf(played, 'work')).toMatchObject({ tasks: MANY * 2 });
    expect(await brokenIn(played)).toEqual([]);
    expect(await listOf(played, await toItsEnd(played))).toEqual(keys(MANY * 2));
    await played.close();
  });

  it('is as one whose task is out, until all of it is there', async () => {
    const played = await aFan([{ id: 'work', type: 'map' }]);
    const { stage, run, fan, complete } = played;
    await complete(fan, rows(MANY));
    await expand(played);

    await complete(fan, rows(1));
    await stage.parts.advance.sweep({ unbegun: true });

    const { tasks } = await stage.parts.runs.tasks(run, { status: ['requested'], block: 'fan', limit: 10 });
    expect(tasks).toMatchObject([{ block: 'fan', status: 'requested', endedAt: null }]);
    const timeline = new ShowTimeline(database.current, stage.parts.plans, stage.clock);
    const times = await timeline.execute(run, { limit: 1, block: 'fan' });
    expect(times.tasks).toMatchObject([{ block: 'fan', status: 'requested', endedAt: null }]);
    expect(await countsOf(played, 'fan')).toEqual({ tasks: 1, ready: 0, requested: 1, done: 0 });
    expect(await brokenIn(played)).toEqual([]);
    while (await expand(played));
    expect(await countsOf(played, 'fan')).toEqual({ tasks: 1, ready: 0, requested: 0, done: 1 });
    expect(await countsOf(played, 'work')).toMatchObject({ tasks: MANY });
    await played.close();
  });

  it('asks for nothing while its run is paused, and goes on behind it', async () => {
    const played = await aFan([{ id: 'work', type: 'map' }]);
    await played.stage.parts.pause.pause(played.run);

    await played.complete(played.fan, rows(MANY));
    while (await expand(played));

    expect(await countsOf(played, 'work')).toEqual({ tasks: MANY, ready: MANY, requested: 0, done: 0 });
    await played.stage.parts.pause.resume(played.run);
    await toItsEnd(played);
    expect((await played.show()).status).toBe('completed');
    await played.close();
  });

  it('is born to its end when its run is cancelled, asks for nothing, and can be retried', async () => {
    const played = await aFan([
      { id: 'work', type: 'map' },
      { id: 'all', type: 'collect' },
    ]);
    const { stage, run } = played;
    await played.complete(played.fan, rows(MANY));
    await expand(played);
    const out = (await played.taken()).filter((one) => one.run === run);

    await stage.parts.cancel.execute(run);
    await settleAll(played, out);
    expect((await played.show()).status).toBe('stopping');
    while (await expand(played));

    expect((await played.show()).status).toBe('cancelled');
    expect(await countsOf(played, 'work')).toEqual({
      tasks: MANY,
      ready: MANY - 1000,
      requested: 0,
      done: 1000,
    });
    expect(await brokenIn(played)).toEqual([]);
    await stage.parts.retry.execute(run);
    expect(await listOf(played, await toItsEnd(played))).toEqual(keys(MANY));
    expect((await played.show()).status).toBe('completed');
    await played.close();
  });

  it('that is more than a run may make stops it at once', async () => {
    const played = await aRunOnStage(database.current, [FAN]);
    const { stage } = played;
    const document = {
      kind: 'workflow',
      id: 'small',
      maxPayloads: MANY - 1,
      blocks: [FAN, { id: 'work', type: 'map' }],
    };
    await stage.parts.publish.publish('small', document);
    const { id: run } = await stage.parts.start.execute({ workflow: 'small', inputs: {} });
    const fan = (await played.taken()).find((one) => one.run === run)!;

    await played.complete(fan, rows(MANY));

    expect(await played.show(run)).toMatchObject({
      status: 'stopping',
      reason: expect.stringContaining('maxPayloads'),
    });
    while (await stage.parts.expand.look(run));
    expect((await played.show(run)).status).toBe('failed');
    expect(await played.taken()).toEqual([]);
    await played.close();
  });

  it('is not made at once with many others either, though each of them might be, of this run or of another', async () => {
    const played = await aFan([
      { id: 'part', type: 'rows' },
      { id: 'work', type: 'map' },
      { id: 'all', type: 'collect' },
    ]);
    const { stage, run, show } = played;
    const { id: other } = await stage.parts.start.execute({ workflow: 'staged', inputs: {} });
    const fan = (await played.taken()).find((one) => one.run === other);
    for (const one of [played.fan, fan!]) await played.complete(one, rows(30));
    const parts = (await played.taken()).filter((one) => [run, other].includes(one.run));

    await stage.parts.advance.settle(
      parts.map(({ run: of, task, attempt }) => {
        return { run: of, task, attempt, kind: 'completed', outcome: rows(400) };
      }),
    );

    const both = await Promise.all([run, other].map(async (of) => (await show(of)).blocks));
    const sum = (id: string, count: 'done' | 'requested' | 'tasks'): number =>
      both.reduce((all, blocks) => all + blocks.find(({ block }) => block === id)![count], 0);
    // A result and a task each; the first answer that finds 20,000 rows made is the first to wait.
    expect([sum('part', 'done'), sum('part', 'requested'), sum('work', 'tasks')]).toEqual([25, 35, 10_000]);
    expect(await brokenIn(played)).toEqual([]);
    const all = await toItsEnd(played);
    expect(await listOf(played, all)).toHaveLength(30 * 400);
    expect(await brokenIn(played)).toEqual([]);
    await played.close();
  });

  it('counts against what a run may make before it is born, beside others', async () => {
    const played = await aRunOnStage(database.current, [FAN]);
    const { stage } = played;
    const document = {
      kind: 'workflow',
      id: 'sheets',
      maxPayloads: 2 * MANY,
      blocks: [FAN, { id: 'row', type: 'rows' }],
    };
    await stage.parts.publish.publish('sheets', document);
    const { id: run } = await stage.parts.start.execute({ workflow: 'sheets', inputs: {} });
    const ofRun = async (): Promise<BlockRequested[]> =>
      (await played.taken()).filter((one) => one.run === run);
    const [fan] = await ofRun();
    await played.complete(fan!, rows(2));
    const [one, other] = await ofRun();
    await played.complete(one!, rows(MANY));
    const before = (await played.show(run)).status;

    await played.complete(other!, rows(MANY));

    expect(before).toBe('running');
    expect((await played.show(run)).status).toBe('stopping');
    await played.close();
  });

  it('joined to another, to more than a run may make, is held by nobody: the run stops at once', async () => {
    const played = await aRunOnStage(database.current, [
      FAN,
      { id: 'show', type: 'rows', needs: [] },
      { id: 'each', type: 'map', needs: ['fan', 'show'], cross: true },
    ]);
    const [fan, show] = await played.taken();
    await played.complete(fan!, rows(MANY));
    while (await expand(played));

    await played.complete(show!, rows(MANY));
    while (await expand(played));

    expect(await played.show()).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('maxPayloads (1000000)'),
    });
    expect(await countsOf(played, 'each')).toMatchObject({ tasks: 0 });
    expect(await brokenIn(played)).toEqual([]);
    await expect(played.stage.parts.retry.execute(played.run)).rejects.toMatchObject({
      code: 'not-retryable',
    });
    await played.close();
  });

  it('joined to another is forgotten when its run fails for good, and kept for a retry when it does not', async () => {
    const aJoinCutShort = async (gate: object): Promise<{ played: Played; left: number }> => {
      const played = await aRunOnStage(database.current, [
        FAN,
        { id: 'show', type: 'rows', needs: [] },
        { id: 'each', type: 'map', needs: ['fan', 'show'], cross: true },
        { id: 'gate', type: 'map', needs: ['show'], ...gate },
      ]);
      const [fan, show] = await played.taken();
      await played.complete(fan!, rows(MANY));
      while (await expand(played));
      await played.complete(show!, rows(1));
      const [asked] = (await played.taken()).filter(({ run }) => run === played.run);
      const error = { code: 'refused', message: 'Refused', retryable: false };
      await played.stage.parts.advance.settle([{ ...asked!, kind: 'failed', error }]);
      const statement = 'SELECT count(*)::int AS left FROM expansions WHERE run = $1';
      const { rows: counted } = await database.current.query<{ left: number }>({
        ...{ text: statement, values: [played.run] },
      });
      return { played, left: counted[0]!.left };
    };

    const forGood = await aJoinCutShort({ onError: 'drop', minSuccess: '100%' });
    const forNow = await aJoinCutShort({});

    expect((await forGood.played.show()).status).toBe('failed');
    expect((await forNow.played.show()).status).toBe('failed');
    expect([forGood.left, forNow.left]).toEqual([0, 3]);
    expect(await brokenIn(forGood.played)).toEqual([]);
    await forNow.played.stage.parts.retry.execute(forNow.played.run);
    await toItsEnd(forNow.played);
    expect((await forNow.played.show()).status).toBe('completed');
    await forGood.played.close();
    await forNow.played.close();
  });

  /** What the last block of a run has made or been asked for, step by step, while all is borne. */
  const stepsOf = async (played: Played, id: string, restarts = false): Promise<number[]> => {
    const counts: number[] = [];
    do {
      const { tasks, payloads } = (await played.show()).blocks.find(({ block }) => block === id)!;
      counts.push(Math.max(tasks, payloads));
      // Once on the way: each recount goes over every group.
      if (counts.length === 2) expect(await brokenIn(played)).toEqual([]);
      if (restarts) played.stage.restart();
    } while (await expand(played));
    return counts.map((count, at) => count - (counts[at - 1] ?? 0));
  };

  it('goes past a select piece by piece, and to its end when the run is cancelled meanwhile', async () => {
    const played = await aFan([
      { id: 'best', type: 'pick', when: 'false' },
      { id: 'work', type: 'map' },
    ]);
    const { stage, run } = played;
    await played.complete(played.fan, rows(MANY));
    while (await expand(played));

    await stage.parts.decide.look([run]);
    await expand(played);
    await stage.parts.cancel.execute(run);
    const steps = await stepsOf(played, 'work', true);

    expect(Math.max(...steps)).toBeLessThanOrEqual(1000);
    expect(steps.length).toBeGreaterThan(2);
    expect((await played.show()).status).toBe('stopping');
    await settleAll(
      played,
      (await played.taken()).filter((one) => one.run === run),
    );
    expect((await played.show()).status).toBe('cancelled');
    await stage.parts.retry.execute(run);
    await toItsEnd(played);
    const [, best, work] = (await played.show()).blocks;
    expect([best, work]).toMatchObject([
      { tasks: 0, skipped: 1, payloads: MANY },
      { tasks: MANY, done: MANY },
    ]);
    expect((await played.show()).status).toBe('completed');
    expect(await brokenIn(played)).toEqual([]);
    await played.close();
  });

  it('goes on behind a select that failed and is kept piece by piece', async () => {
    const played = await aFan([
      { id: 'best', type: 'pick', onError: 'keep' },
      { id: 'work', type: 'map' },
    ]);
    const { stage, run } = played;
    await played.complete(played.fan, rows(MANY));
    while (await expand(played));
    const [best] = (await played.taken()).filter((one) => one.run === run);

    const error = { code: 'refused', message: 'Refused', retryable: false };
    await stage.parts.advance.settle([{ ...best!, kind: 'failed', error }]);
    const steps = await stepsOf(played, 'work', true);

    expect(Math.max(...steps)).toBeLessThanOrEqual(1000);
    await toItsEnd(played);
    const { tasks } = await stage.parts.runs.tasks(run, { block: 'best', limit: 1 });
    expect(tasks).toMatchObject([{ status: 'kept', error: { code: 'refused' } }]);
    expect((await played.show()).status).toBe('partial');
    expect(await countsOf(played, 'work')).toMatchObject({ tasks: MANY, done: MANY });
    expect(await brokenIn(played)).toEqual([]);
    await played.close();
  });

  it.each(['picked', 'dropped'])(
    'whose groups all fall due when their select is over goes on piece by piece: %s',
    async (how) => {
      const played = await aFan([
        { id: 'best', type: 'pick', onError: 'drop' },
        { id: 'both', type: 'map', needs: ['fan', { block: 'best', optional: true }] },
        { id: 'all', type: 'collect' },
      ]);
      const { stage, run } = played;
      await played.complete(played.fan, rows(MANY));
      while (await expand(played));
      const [best] = (await played.taken()).filter((one) => one.run === run);

      const error = { code: 'refused', message: 'Refused', retryable: false };
      if (how === 'dropped') await stage.parts.advance.settle([{ ...best!, kind: 'failed', error }]);
      else await played.complete(best!, { kind: 'picks', picks: [{ key: 'fan=7', result: {} }] });
      const steps = await stepsOf(played, 'both', true);

      expect(Math.max(...steps)).toBeLessThanOrEqual(1000);
      expect(await listOf(played, await toItsEnd(played))).toEqual(keys(MANY));
      expect((await played.show()).status).toBe(how === 'dropped' ? 'partial' : 'completed');
      expect(await brokenIn(played)).toEqual([]);
      await played.close();
    },
  );

  it('of one payload into its samples is made piece by piece as well, whatever becomes of the first ones', async () => {
    const played = await aRunOnStage(database.current, [
      { id: 'gen', type: 'gen', needs: [], times: 5000, concurrency: 5000 },
      { id: 'all', type: 'collect' },
    ]);
    const { stage, run } = played;
    const made = async (): Promise<number> => (await countsOf(played, 'gen')).tasks;
    const before = await made();
    await settleAll(played, await played.taken());
    await stage.parts.pause.pause(run);
    await expand(played);
    const counts = await countsOf(played, 'gen');
    await stage.parts.pause.resume(run);
    await stage.parts.cancel.execute(run);
    await settleAll(played, await played.taken());
    const broken = await brokenIn(played);
    const status = (await played.show()).status;

    await stage.parts.retry.execute(run);
    const steps = await stepsOf(played, 'gen', true);
    const list = await listOf(played, await toItsEnd(played));

    expect(before).toBe(1000);
    expect(counts).toEqual({ tasks: 2000, ready: 1000, requested: 0, done: 1000 });
    expect([broken, status]).toEqual([[], 'cancelled']);
    expect(Math.max(...steps.slice(1))).toBe(1000);
    expect(list).toEqual(Array.from({ length: 5000 }, (_, i) => `gen=${i + 1}`));
    expect((await played.show()).status).toBe('completed');
    expect(await brokenIn(played)).toEqual([]);
    await played.close();
  });

  it('is taken over by a rerun, and forecast, as a whole', async () => {
    const played = await aFan([{ id: 'work', type: 'map' }]);
    await played.complete(played.fan, rows(MANY));
    await toItsEnd(played);

    const { blocks } = await played.stage.parts.forecast.execute({ run: played.run, from: 'work' });
    const { id: again } = await played.stage.parts.rerun.execute({ run: played.run, from: 'work' });
    while (await played.stage.parts.expand.look(again));

    expect(blocks).toMatchObject([
      { block: 'fan', reused: 1, anew: 0 },
      { block: 'work', reused: 0, anew: MANY },
    ]);
    const [fan, work] = (await played.show(again)).blocks;
    expect([fan, work]).toMatchObject([
      { tasks: 1, done: 1 },
      { tasks: MANY, done: 0 },
    ]);
    await played.close();
  });

  it('of 20,000 does not hold up a short run beside it', async () => {
    const large = await aFan([{ id: 'work', type: 'map' }]);
    const { stage, taken, complete, show } = large;
    const { id: short } = await stage.parts.start.execute({ workflow: 'staged', inputs: {} });
    const askedOf = async (block: string): Promise<BlockRequested> =>
      (await taken()).find((one) => one.run === short && one.block === block)!;
    const fan = await askedOf('fan');
    await stage.parts.expand.start();
    const order: string[] = [];
    const whole = (async () => {
      while ((await countsOf(large, 'fan')).done === 0);
      order.push('large fan-out');
    })();

    await complete(large.fan, rows(20_000));
    await complete(fan, rows(1));
    await complete(await askedOf('work'), rows(1));
    order.push(`short run ${(await show(short)).status}`);
    await whole;

    expect(order).toEqual(['short run completed', 'large fan-out']);
    expect(await countsOf(large, 'work')).toMatchObject({ tasks: 20_000 });
    await stage.parts.expand.stop();
    await large.close();
  });
});
