import type { BlockRequested, Usage } from '@duofactory/contracts';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { outcomeOfAnswer, type AttemptNamed, type BlockOutcome } from '../src/app/advance/block-outcome.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { brokenInvariants } from '../src/scenarios/broken-invariants.js';
import { aRunOnStage, outputs } from './on-stage.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describe('attempts that are out', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  it('are held by a budget without being counted, and the run pauses until it is resumed', async () => {
    const blocks = [{ id: 'brief', type: 'rows', retry: { attempts: 1 } }];
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    const { task, attempt } = (await taken())[0]!;
    const hold = { reason: 'The budget of May is spent' };
    const error = { code: 'budget-reached', message: 'No money', retryable: false, hold };

    await stage.parts.advance.settle([{ run, task, attempt, kind: 'failed', error }]);
    expect(await show()).toMatchObject({ status: 'paused', reason: hold.reason });
    expect(await taken()).toEqual([]);

    await stage.parts.pause.resume(run);
    const [again] = await taken();
    expect(again).toMatchObject({ task, attempt: 2 });
    await complete(again!, outputs({}));
    expect(await show()).toMatchObject({ status: 'completed', reason: null });
    await close();
  });

  it('go on when the hold is lifted, and are not held by what it was before', async () => {
    const blocks = [{ id: 'brief', type: 'rows' }];
    const { stage, run, taken, show, close } = await aRunOnStage(database.current, blocks);
    const { pause, holds } = stage.parts;
    const holdBy = async (epoch: number, until?: Date): Promise<void> => {
      const { task, attempt } = (await taken())[0]!;
      const hold = {
        reason: 'It is spent',
        id: 'budget/may',
        epoch,
        ...(until && { until: until.toISOString() }),
      };
      const error = { code: 'budget-reached', message: 'No money', retryable: true, hold };
      await stage.parts.advance.settle([{ run, task, attempt, kind: 'failed', error }]);
    };

    await holdBy(1);
    await holds.lift({ id: 'budget/june', epoch: 2 });
    expect(await show()).toMatchObject({ status: 'paused' });
    await holds.lift({ id: 'budget/may', epoch: 2 });
    expect(await show()).toMatchObject({ status: 'running', reason: null });

    // Under way since before it was lifted.
    await holdBy(1);
    expect(await show()).toMatchObject({ status: 'running' });

    await holdBy(2, new Date(stage.clock.now().getTime() + MINUTE_MS));
    expect(await show()).toMatchObject({ status: 'paused' });
    stage.clock.advance(2 * MINUTE_MS);
    await stage.sweep();
    expect(await show()).toMatchObject({ status: 'running' });

    await holdBy(2);
    await pause.pause(run);
    await holds.lift({ id: 'budget/may', epoch: 3 });
    expect(await show()).toMatchObject({ status: 'paused' });
    await close();
  });

  it('are held in the midst of a fan-out: what is out settles, the rest waits, and each goes on once', async () => {
    const blocks = [
      { id: 'brief', type: 'rows' },
      { id: 'title', type: 'map', concurrency: 4, retry: { attempts: 1 } },
      { id: 'all', type: 'collect' },
    ];
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    const { advance, holds, plans } = stage.parts;
    const hold = { reason: 'The budget of autumn is spent', id: 'budget/autumn', epoch: 1 };
    const error = { code: 'budget-reached', message: 'No money', retryable: true, hold };
    const holdAll = (tasks: readonly BlockRequested[]): Promise<unknown> =>
      advance.settle(tasks.map(({ task, attempt }) => ({ run, task, attempt, kind: 'failed', error })));
    const titles = async (): Promise<[string, number][]> => {
      const { ready, requested, done } = (await show()).blocks[1]!;
      return Object.entries({ ready, requested, done });
    };
    await complete((await taken())[0]!, outputs(...Array.from({ length: 10 }, () => ({}))));
    const out = await taken();

    // One has succeeded before, one after the first that was held.
    await complete(out[0]!, outputs({}));
    const fifth = await taken();
    await holdAll([out[1]!]);
    await complete(out[2]!, outputs({}));
    await holdAll([out[3]!, ...fifth]);
    const whileHeld = [await titles(), await taken(), (await show()).status];
    await stage.sweep();
    await holds.lift({ id: hold.id, epoch: 2 });
    await holds.lift({ id: hold.id, epoch: 2 });
    const again = await taken();
    for (let more = again; more.length > 0; more = await taken())
      for (const one of more) await complete(one, outputs({}));
    const { plan } = await plans.of(database.current, 'staged', (await show()).version);
    await stage.sweep();

    expect(fifth).toHaveLength(1);
    expect(whileHeld).toEqual([Object.entries({ ready: 8, requested: 0, done: 2 }), [], 'paused']);
    // What was held goes before what never was asked for.
    expect(again.map(({ key, attempt }) => [key, attempt]).sort()).toEqual([
      ['brief=2', 2],
      ['brief=4', 2],
      ['brief=5', 2],
      ['brief=6', 1],
    ]);
    expect(await show()).toMatchObject({ status: 'completed', reason: null });
    expect((await show()).blocks[1]).toMatchObject({ tasks: 10, done: 10, failed: 0 });
    expect(await brokenInvariants(database.current, plan, run)).toEqual([]);
    await close();
  });

  it('are lost some time after their last sign of life', async () => {
    const blocks = [{ id: 'brief', type: 'rows', timeout: '10m' }];
    const { stage, run, taken, close } = await aRunOnStage(database.current, blocks);
    const { task, attempt } = (await taken())[0]!;

    await stage.parts.advance.step((step) => step.alive([{ run, task, attempt }]));
    stage.clock.advance(29 * MINUTE_MS);
    await stage.sweep();
    expect(await taken()).toEqual([]);

    await stage.parts.advance.step((step) => step.alive([{ run, task, attempt }]));
    stage.clock.advance(29 * MINUTE_MS);
    await stage.sweep();
    expect(await taken()).toEqual([]);

    stage.clock.advance(2 * MINUTE_MS);
    await stage.sweep();
    expect(await taken()).toMatchObject([{ task, attempt: 2 }]);

    // The one that was lost lives: that says nothing of the one that nobody has begun.
    await stage.parts.advance.step((step) => step.alive([{ run, task, attempt: 1 }]));
    stage.clock.advance(31 * MINUTE_MS);
    await stage.sweep();
    expect(await taken()).toEqual([]);
    await close();
  });

  describe('that nobody has begun', () => {
    /** Types of the test's own: the clocks of other tests go on past its own. */
    const aFork = async (name: string) => {
      const types = [`${name}-left`, `${name}-right`] as const;
      const blocks = [
        { id: 'brief', type: 'rows' },
        { id: 'left', type: types[0], needs: ['brief'] },
        { id: 'right', type: types[1], needs: ['brief'], timeout: '10m' },
      ];
      const own = types.map((type) => ({ type }));
      const played = await aRunOnStage(database.current, blocks, {}, own);
      const { stage, run } = played;
      const taken = async (): Promise<BlockRequested[]> =>
        (await played.taken()).filter((one) => one.run === run);
      /** Returns the attempts that are asked for meanwhile. */
      const pass = async (minutes: number): Promise<[string, string, number][]> => {
        const asked: BlockRequested[] = [];
        for (let minute = 0; minute < minutes; minute += 1) {
          stage.clock.advance(MINUTE_MS);
          await stage.parts.advance.sweep();
          asked.push(...(await taken()));
        }
        return asked.map(({ block, key, attempt }): [string, string, number] => [block, key, attempt]).sort();
      };
      return { ...played, taken, pass };
    };

    it('are lost when their block type gives no sign for 15 minutes, or three times their timeout', async () => {
      const { taken, pass, complete, show, close } = await aFork('silent');
      await complete((await taken())[0]!, outputs({}));
      await taken();

      expect(await pass(14)).toEqual([]);
      expect(await pass(2)).toEqual([['left', 'brief=1', 2]]);
      expect(await pass(13)).toEqual([]);
      expect((await show()).blocks).toMatchObject([{}, { requested: 1 }, { requested: 1 }]);
      expect(await pass(2)).toEqual([
        ['left', 'brief=1', 3],
        ['right', 'brief=1', 2],
      ]);
      await close();
    });

    it('wait as long as their block type gives signs, by progress or by answers', async () => {
      const { stage, taken, pass, complete, close } = await aFork('busy');
      await complete((await taken())[0]!, outputs({}, {}, {}));
      const first = (await taken()).find(({ block }) => block === 'left')!;
      const { run, task, attempt } = first;

      const asked = await pass(10);
      const begunAt = stage.clock.now();
      await stage.parts.advance.step((step) => step.alive([{ run, task, attempt, begunAt }]));
      asked.push(...(await pass(10)));
      await complete(first, outputs({}));
      asked.push(...(await pass(9)));

      expect(asked).toEqual([]);
      expect((await pass(8)).filter(([block]) => block === 'left')).toEqual([
        ['left', 'brief=2', 2],
        ['left', 'brief=3', 2],
      ]);
      await close();
    });

    it('are not lost by a process that could not hear: it has just begun, or stood still', async () => {
      const { stage, taken, pass, complete, close } = await aFork('unheard');
      await complete((await taken())[0]!, outputs({}));
      await taken();

      const asked = await pass(14);
      stage.restart();
      asked.push(...(await pass(14)));
      stage.clock.advance(10 * MINUTE_MS);
      asked.push(...(await pass(14)));

      expect(asked).toEqual([]);
      expect(await pass(2)).toContainEqual(['left', 'brief=1', 2]);
      await close();
    });

    it('are not lost while nothing can be published: who should have been asked was not', async () => {
      const { taken, pass, complete, close } = await aFork('cut-off');
      await complete((await taken())[0]!, outputs({}));
      await taken();
      const { current } = database;

      await current.query({
        text: `INSERT INTO outbox (id, topic, messages, created_at, due_at)
          VALUES (gen_random_uuid(), 'away', '[]', '2000-01-01', 'infinity')`,
      });
      const asked = await pass(20);
      await current.query({ text: `DELETE FROM outbox WHERE topic = 'away'` });
      asked.push(...(await pass(14)));

      expect(asked).toEqual([]);
      expect(await pass(2)).toContainEqual(['left', 'brief=1', 2]);
      await close();
    });
  });

  it('are tried again five times when they are lost, then fail, and as often after a retry', async () => {
    const blocks = [{ id: 'brief', type: 'rows', retry: { attempts: 1 } }];
    const { stage, run, taken, show, close } = await aRunOnStage(database.current, blocks);
    // A day is enough for tasks of other runs to be lost as well.
    const own = async (): Promise<BlockRequested[]> => (await taken()).filter((one) => one.run === run);
    /** Nobody answers until the run has failed. Returns the attempts. */
    const loseAll = async (): Promise<number[]> => {
      const attempts: number[] = [];
      for (let out = await own(); out.length > 0; out = await own()) {
        attempts.push(...out.map(({ attempt }) => attempt));
        stage.clock.advance(DAY_MS);
        await stage.sweep();
      }
      return attempts;
    };

    expect(await loseAll()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await show()).toMatchObject({ status: 'failed', reason: expect.stringContaining('6 attempts') });

    await stage.parts.retry.execute(run);
    expect(await loseAll()).toEqual([7, 8, 9, 10, 11, 12]);
    await close();
  });

  it('of a run that stops may come back for half a minute, then it ends without them', async () => {
    const blocks = [{ id: 'brief', type: 'rows' }];
    const { stage, run, taken, show, close } = await aRunOnStage(database.current, blocks);
    const [out] = await taken();
    const statusAfter = async (ms: number): Promise<string> => {
      stage.clock.advance(ms);
      await stage.parts.advance.sweep();
      return (await show()).status;
    };

    await stage.parts.cancel.execute(run);

    expect(out).toMatchObject({ run, attempt: 1 });
    expect(await statusAfter(29_000)).toBe('stopping');
    expect(await statusAfter(1_000)).toBe('cancelled');
    expect((await show()).blocks).toMatchObject([{ requested: 0, ready: 1 }]);
    await close();
  });

  it('of a run that stops may fail it for good: a retry would not help any more', async () => {
    const blocks = [
      { id: 'brief', type: 'rows' },
      { id: 'left', type: 'map', needs: ['brief'] },
      { id: 'right', type: 'map', needs: ['brief'], onError: 'drop', minSuccess: '100%' },
    ];
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    await complete((await taken())[0]!, outputs({}));
    const out = await taken();
    const fail = (block: string): Promise<unknown> => {
      const { task, attempt } = out.find((one) => one.block === block)!;
      const error = { code: 'broken', message: 'It is broken', retryable: false };
      return stage.parts.advance.settle([{ run, task, attempt, kind: 'failed', error }]);
    };

    await fail('left');
    const stopping = await show();
    await fail('right');

    expect(stopping.status).toBe('stopping');
    expect(await show()).toMatchObject({ status: 'failed', reason: expect.stringContaining('"left"') });
    await expect(stage.parts.retry.execute(run)).rejects.toMatchObject({ code: 'not-retryable' });
    await close();
  });

  it('may fail as often after a retry as before it', async () => {
    const blocks = [{ id: 'brief', type: 'rows', retry: { attempts: 2, base: '10s' } }];
    const { stage, run, taken, show, close } = await aRunOnStage(database.current, blocks);
    const error = { code: 'busy', message: 'Try later', retryable: true };
    /** Each attempt fails until the run has. Returns the attempts. */
    const failAll = async (): Promise<number[]> => {
      const attempts: number[] = [];
      for (let [out] = await taken(); out; [out] = await taken()) {
        const { task, attempt } = out;
        attempts.push(attempt);
        await stage.parts.advance.settle([{ run, task, attempt, kind: 'failed', error }]);
        stage.clock.advance(MINUTE_MS);
        await stage.sweep();
      }
      return attempts;
    };

    expect(await failAll()).toEqual([1, 2]);
    expect(await show()).toMatchObject({ status: 'failed' });

    await stage.parts.retry.execute(run);
    expect(await failAll()).toEqual([3, 4]);
    await close();
  });

  it('cost what was paid for them, also when they fail or are held, and nothing that was saved', async () => {
    const blocks = [{ id: 'brief', type: 'rows', retry: { attempts: 2, base: '10s' } }];
    const { stage, run, taken, show, close } = await aRunOnStage(database.current, blocks);
    const usage = (amount: number | null, saved = false): Usage => ({
      ledger: `${amount}`,
      kind: 'model',
      provider: 'test',
      model: 'test',
      units: {},
      cost: amount === null ? null : { amount, currency: 'USD' },
      saved,
    });
    const costs = async (): Promise<object> => {
      const { cost, unpriced } = (await show()).blocks[0]!;
      return { cost, unpriced };
    };
    const answer = async (paid: readonly Usage[], how: object): Promise<void> => {
      const { task, attempt } = (await taken())[0]!;
      const outcome = { run, task, attempt, usage: paid, ...how } as BlockOutcome;
      await stage.parts.advance.settle([outcome]);
    };
    const error = { code: 'busy', message: 'Try later', retryable: true };

    await answer([usage(1), usage(2, true), usage(null)], { kind: 'failed', error });
    expect(await costs()).toEqual({ cost: 1, unpriced: 1 });

    stage.clock.advance(MINUTE_MS);
    await stage.sweep();
    const hold = { reason: 'It is spent' };
    await answer([usage(4), usage(null, true)], { kind: 'failed', error: { ...error, hold } });
    expect(await costs()).toEqual({ cost: 5, unpriced: 1 });

    await stage.parts.pause.resume(run);
    await answer([usage(8), usage(16, true)], { kind: 'completed', outcome: outputs({}) });
    expect(await costs()).toEqual({ cost: 13, unpriced: 1 });
    await close();
  });

  it('cost what is told after them, once, and are settled by none of it', async () => {
    const blocks = [{ id: 'brief', type: 'rows', timeout: '10m' }];
    const { stage, run, taken, show, objects, close } = await aRunOnStage(database.current, blocks);
    const { advance } = stage.parts;
    const one = (ledger: string, amount: number, saved = false): Usage => ({
      ...{ ledger, kind: 'model', provider: 'test', model: 'test', units: {}, saved },
      cost: { amount, currency: 'USD' },
    });
    const { task } = (await taken())[0]!;
    const paid = (usage: Usage[]): Promise<BlockOutcome> =>
      outcomeOfAnswer('paid', { run, task, attempt: 1, usage } as AttemptNamed, objects);

    await advance.settle([await paid([one('a', 1)])]);
    expect(await show()).toMatchObject({ status: 'running', blocks: [{ cost: 1, requested: 1 }] });

    const usage = [one('a', 1, true), one('b', 2, true)];
    await advance.settle([{ run, task, attempt: 1, usage, kind: 'completed', outcome: outputs({}) }]);
    for (const _ of ['once', 'twice']) await advance.settle([await paid([one('a', 1), one('b', 2)])]);

    expect(await show()).toMatchObject({ status: 'completed', blocks: [{ cost: 3, done: 1, failed: 0 }] });
    await close();
  });

  it('cost what was paid for them when their answers come too late, also after the end, and once', async () => {
    const blocks = [{ id: 'brief', type: 'rows', timeout: '10m' }];
    const { stage, run, taken, show, close } = await aRunOnStage(database.current, blocks);
    const { advance } = stage.parts;
    const paid = (amount: number, ledger?: string): Usage => ({
      ...(ledger === undefined ? {} : { ledger }),
      ...{ kind: 'model', provider: 'test', model: 'test', units: {}, saved: false },
      cost: { amount, currency: 'USD' },
    });
    const cost = async (): Promise<number> => (await show()).blocks[0]!.cost;
    const { task } = (await taken())[0]!;
    const completed = (attempt: number, usage: Usage[]): BlockOutcome => {
      return { run, task, attempt, usage, kind: 'completed', outcome: outputs({}) };
    };
    const failed = (attempt: number, usage: Usage[]): BlockOutcome => {
      const error = { code: 'busy', message: 'Too late', retryable: true };
      return { run, task, attempt, usage, kind: 'failed', error };
    };
    const lose = async (attempt: number): Promise<void> => {
      const begunAt = stage.clock.now();
      await advance.step((step) => step.alive([{ run, task, attempt, begunAt, worker: 'w' }]));
      stage.clock.advance(31 * MINUTE_MS);
      await stage.sweep();
      await taken();
    };

    await lose(1);
    await lose(2);
    await advance.settle([failed(1, [paid(1)]), failed(1, [paid(1)])]);
    expect(await cost()).toBe(1);

    await advance.settle([completed(3, [paid(2, 'c')]), completed(3, [paid(2, 'c')])]);
    expect(await cost()).toBe(3);
    expect(await show()).toMatchObject({ status: 'completed' });

    for (const _ of ['once', 'twice']) {
      const late = [completed(2, [paid(4, 'a'), paid(8, 'b')]), failed(1, [paid(1)])];
      await advance.settle([...late, completed(3, [paid(2, 'c')])]);
      expect(await cost()).toBe(15);
    }
    expect(await show()).toMatchObject({ status: 'completed', blocks: [{ done: 1, payloads: 1 }] });
    await close();
  });
});
