import type { BlockRequested } from '@duofactory/contracts';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { brokenInvariants } from '../src/scenarios/broken-invariants.js';
import { aRunOnStage, outputs } from './on-stage.js';

const MANY = 2500;
const AT_ONCE = 1000;
const FAN = { id: 'fan', type: 'rows', needs: [] };
const WORK = { id: 'work', type: 'map', concurrency: MANY, retry: { attempts: 2, base: '1h', cap: '1h' } };

type Played = Awaited<ReturnType<typeof aRunOnStage>>;

describe('what a command changes in a run of 2,500 tasks', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  const expand = ({ stage }: Played, run: string): Promise<boolean> => stage.parts.expand.look(run);

  /** A run whose 2,500 tasks are out. */
  const aRunOfMany = async (work: object = {}): Promise<Played & { tasks: BlockRequested[] }> => {
    const played = await aRunOnStage(database.current, [FAN, { ...WORK, ...work }]);
    const [fan] = await asked(played, played.run);
    await played.complete(fan!, outputs(...Array.from({ length: MANY }, (_, i) => ({ i }))));
    while (await expand(played, played.run));
    return { ...played, tasks: await asked(played, played.run) };
  };

  const asked = async (played: Played, of: string): Promise<BlockRequested[]> =>
    (await played.taken()).filter(({ run }) => run === of);

  const succeed = ({ stage }: Played, tasks: readonly BlockRequested[]) =>
    stage.parts.advance.settle(
      tasks.map(({ run, task, attempt, key }) => {
        return { run, task, attempt, kind: 'completed', outcome: outputs({ key }) };
      }),
    );

  const fail = ({ stage }: Played, tasks: readonly BlockRequested[], retryable: boolean) =>
    stage.parts.advance.settle(
      tasks.map(({ run, task, attempt }) => {
        return { run, task, attempt, kind: 'failed', error: { code: 'down', message: 'Down', retryable } };
      }),
    );

  const countsOf = async ({ show }: Played, run: string) => {
    const { tasks, ready, requested, done, failed } = (await show(run)).blocks[1]!;
    return { tasks, ready, requested, done, failed };
  };

  const brokenIn = async ({ stage }: Played, run: string): Promise<string[]> => {
    const { workflow, version } = await stage.parts.runs.show(run);
    const { plan } = await stage.parts.plans.of(database.current, workflow, version);
    const broken = await brokenInvariants(database.current, plan, run);
    return broken.filter((one) => !one.startsWith('11 the outbox'));
  };

  const aRerunInTheMidst = async (): Promise<Played & { again: string }> => {
    const played = await aRunOfMany();
    await succeed(played, played.tasks);
    const { id: again } = await played.stage.parts.rerun.execute({ run: played.run });
    return { ...played, again };
  };

  it('is taken over by a rerun piece by piece, also by a process that comes after', async () => {
    const played = await aRerunInTheMidst();
    const { stage, again, show } = played;
    const done: number[] = [];

    do {
      done.push((await countsOf(played, again)).done);
      expect(await brokenIn(played, again)).toEqual([]);
      stage.restart();
    } while (await stage.parts.expand.look());

    expect(done.length).toBeGreaterThan(3);
    for (const [at, one] of done.entries()) expect(one - (done[at - 1] ?? 0)).toBeLessThanOrEqual(AT_ONCE);
    expect(done.at(-1)).toBe(MANY);
    expect((await show(again)).status).toBe('completed');
    expect(await asked(played, again)).toEqual([]);
    await played.close();
  });

  it('is taken over no further while the rerun is paused, and not at all behind its cancellation', async () => {
    const played = await aRerunInTheMidst();
    const { stage, again, show } = played;
    await expand(played, again);
    await stage.parts.pause.pause(again);
    const { done } = await countsOf(played, again);

    while (await expand(played, again));

    expect(done).toBeLessThan(MANY);
    expect((await countsOf(played, again)).done).toBe(done);
    await stage.parts.pause.resume(again);
    await stage.parts.cancel.execute(again);
    while (await expand(played, again));
    expect((await show(again)).status).toBe('cancelled');
    expect((await countsOf(played, again)).done).toBeLessThan(MANY);
    expect(await brokenIn(played, again)).toEqual([]);
    await stage.parts.retry.execute(again);
    while (await expand(played, again));
    expect((await show(again)).status).toBe('completed');
    await played.close();
  });

  it('backs off no more behind a cancellation: piece by piece, and the run ends with the last', async () => {
    const played = await aRunOfMany();
    const { stage, run, tasks, show } = played;
    await fail(played, tasks, true);
    const ready: number[] = [];

    await stage.parts.cancel.execute(run);
    do {
      ready.push((await countsOf(played, run)).ready);
      expect(await brokenIn(played, run)).toEqual([]);
      expect((await show(run)).status).toBe(ready.at(-1) === MANY ? 'cancelled' : 'stopping');
      stage.restart();
    } while (await stage.parts.expand.look());

    expect(ready).toEqual([AT_ONCE, 2 * AT_ONCE, MANY]);
    expect((await show(run)).status).toBe('cancelled');
    await stage.parts.retry.execute(run);
    while (await expand(played, run));
    await succeed(played, await asked(played, run));
    expect((await show(run)).status).toBe('completed');
    await played.close();
  });

  it('is taken back at once of reviews that nobody has decided: piece by piece', async () => {
    const played = await aRunOfMany({ type: 'review' });
    const { stage, run, show } = played;
    const ready: number[] = [];

    await stage.parts.cancel.execute(run);
    do ready.push((await countsOf(played, run)).ready);
    while (await expand(played, run));

    expect(ready).toEqual([AT_ONCE, 2 * AT_ONCE, MANY]);
    expect((await show(run)).status).toBe('cancelled');
    expect(await brokenIn(played, run)).toEqual([]);
    await played.close();
  });

  it('is tried anew after failures piece by piece, whatever stops the run in between', async () => {
    const played = await aRunOfMany();
    const { stage, run, tasks, show } = played;
    await fail(played, tasks, false);
    const failed: number[] = [];

    await stage.parts.retry.execute(run);
    failed.push((await countsOf(played, run)).failed);
    await stage.parts.cancel.execute(run);
    while (await expand(played, run));
    await stage.parts.advance.sweep();
    stage.clock.advance(31_000);
    for (let sweeps = 0; sweeps < 3; sweeps += 1) await stage.parts.advance.sweep();
    while (await expand(played, run));
    failed.push((await countsOf(played, run)).failed);
    expect((await show(run)).status).toBe('cancelled');
    await stage.parts.retry.execute(run);
    do {
      failed.push((await countsOf(played, run)).failed);
      expect(await brokenIn(played, run)).toEqual([]);
      stage.restart();
    } while (await stage.parts.expand.look());

    expect(failed.slice(0, 4)).toEqual([MANY - AT_ONCE, MANY - AT_ONCE, MANY - 2 * AT_ONCE, 0]);
    await succeed(played, await asked(played, run));
    expect((await show(run)).status).toBe('completed');
    await played.close();
  });

  it('has its time again with a retry, and none runs out while that is given', async () => {
    const played = await aRunOfMany({ deadline: '10m', concurrency: 1 });
    const { stage, run, show } = played;
    await stage.parts.cancel.execute(run);
    await fail(played, played.tasks, true);
    expect((await show(run)).status).toBe('cancelled');
    stage.clock.advance(3_600_000);

    await stage.parts.retry.execute(run);
    await stage.parts.advance.sweep();

    expect((await show(run)).status).toBe('running');
    while (await expand(played, run)) await stage.parts.advance.sweep();
    expect(await countsOf(played, run)).toMatchObject({ requested: 1, ready: MANY - 1, failed: 0 });
    stage.clock.advance(11 * 60_000);
    await stage.parts.advance.sweep();
    expect((await countsOf(played, run)).failed).toBeGreaterThan(0);
    await played.close();
  });

  it('has its time again with a retry, also what is asked for before the last piece is taken up', async () => {
    const played = await aRunOfMany({ deadline: '10m' });
    const { stage, run, show } = played;
    await fail(played, played.tasks, false);
    stage.clock.advance(3_600_000);

    await stage.parts.retry.execute(run);
    while (await expand(played, run));
    await stage.parts.advance.sweep();
    const again = await asked(played, run);
    const asOf = stage.clock.now().getTime() + 10 * 60_000;

    expect(again).toHaveLength(MANY);
    expect(new Set(again.map(({ deadlineAt }) => new Date(deadlineAt!).getTime()))).toEqual(new Set([asOf]));
    await succeed(played, again);
    expect((await show(run)).status).toBe('completed');
    await played.close();
  });
});
