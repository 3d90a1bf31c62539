import type { BlockRequested } from '@duofactory/contracts';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { brokenInvariants } from '../src/scenarios/broken-invariants.js';
import { aRunOnStage, outputs } from './on-stage.js';

describe('a deadline of a task counts all', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  it('drops what is not settled in time, also what was never requested', async () => {
    const blocks = [
      { id: 'brief', type: 'rows' },
      { id: 'title', type: 'map', deadline: '10m', onError: 'drop', concurrency: 1 },
    ];
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    await complete((await taken())[0]!, outputs({}, {}));
    const [title] = await taken();

    stage.clock.advance(10 * 60_000);
    await stage.sweep();
    await complete(title!, outputs({}));

    expect(title!.deadlineAt).toBe('2030-01-01T00:10:00.000Z');
    expect((await show()).status).toBe('partial');
    expect(
      (await stage.parts.runs.tasks(run, { block: 'title', limit: 10 })).tasks.map(({ status, error }) => ({
        status,
        error,
      })),
    ).toEqual(
      [1, 2].map(() => ({
        status: 'dropped',
        error: expect.objectContaining({ code: 'deadline-exceeded' }),
      })),
    );
    await close();
  });

  it('counts anew from a retry', async () => {
    const blocks = [{ id: 'brief', type: 'rows', deadline: '10m' }];
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    await taken();
    stage.clock.advance(11 * 60_000);
    await stage.sweep();
    expect((await show()).status).toBe('failed');

    await stage.parts.retry.execute(run);
    await stage.sweep();
    await complete((await taken())[0]!, outputs({}));

    expect((await show()).status).toBe('completed');
    await close();
  });

  it('counts anew for what a cancelled run left undone, however often it is retried', async () => {
    const blocks = [
      { id: 'brief', type: 'rows' },
      { id: 'title', type: 'map', deadline: '10m', onError: 'drop', concurrency: 1 },
    ];
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    await complete((await taken())[0]!, outputs({}, {}));
    for (const _ of ['once', 'twice']) {
      await taken();
      await stage.parts.cancel.execute(run);
      stage.clock.advance(31_000);
      await stage.sweep();
      stage.clock.advance(60 * 60_000);
      await stage.parts.retry.execute(run);
      await stage.sweep();
    }
    const retriedAt = stage.clock.now().getTime();

    const [title] = await taken();
    expect(new Date(title!.deadlineAt!).getTime() - retriedAt).toBeLessThanOrEqual(10 * 60_000);
    await complete(title!, outputs({}));
    await complete((await taken())[0]!, outputs({}));
    expect((await show()).status).toBe('completed');
    await close();
  });

  it('of the run is over for good: a retry after it is refused, one before it is not', async () => {
    const blocks = [{ id: 'brief', type: 'rows' }];
    const { stage, taken, show, close } = await aRunOnStage(database.current, blocks);
    const { publish, start, retry } = stage.parts;
    const definition = { kind: 'workflow', id: 'timely', deadline: '10m', blocks };
    await publish.publish('timely', definition);
    const { id } = await start.execute({ workflow: 'timely', inputs: {} });
    const [brief] = (await taken()).filter(({ run }) => run === id);
    const failBrief = async (attempt: number): Promise<void> => {
      const error = { code: 'broken', message: 'No use', retryable: false };
      await stage.parts.advance.settle([{ run: id, task: brief!.task, attempt, kind: 'failed', error }]);
    };

    expect(brief!.deadlineAt).toBe('2030-01-01T00:10:00.000Z');
    await failBrief(1);
    stage.clock.advance(9 * 60_000);
    await retry.execute(id);
    await failBrief(2);
    stage.clock.advance(60_000);

    await expect(retry.execute(id)).rejects.toMatchObject({ status: 409, code: 'not-retryable' });
    expect((await show(id)).status).toBe('failed');
    await close();
  });

  it('of the run counts while it is paused, and no resume takes it back', async () => {
    const blocks = [
      { id: 'brief', type: 'rows' },
      { id: 'title', type: 'map', concurrency: 1 },
    ];
    const { stage, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    const { publish, start, pause } = stage.parts;
    await publish.publish('paused', { kind: 'workflow', id: 'paused', deadline: '10m', blocks });
    const { id } = await start.execute({ workflow: 'paused', inputs: {} });
    const takenOfRun = async () => (await taken()).filter(({ run }) => run === id);
    await complete((await takenOfRun())[0]!, outputs({}, {}));
    const [title] = await takenOfRun();

    await pause.pause(id);
    stage.clock.advance(11 * 60_000);
    await stage.sweep();
    await pause.resume(id);
    const stopping = await show(id);
    await complete(title!, outputs({}));

    expect(stopping).toMatchObject({ status: 'stopping', reason: 'The run passed its deadline' });
    expect(await takenOfRun()).toEqual([]);
    expect((await show(id)).status).toBe('failed');
    await close();
  });

  it('that is over asks for nothing more, however many wait: what has its turn then fails by it', async () => {
    const blocks = [
      { id: 'brief', type: 'rows' },
      { id: 'title', type: 'map', deadline: '10m', onError: 'drop', concurrency: 10 },
      { id: 'all', type: 'collect' },
    ];
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    await complete((await taken())[0]!, outputs(...Array.from({ length: 900 }, () => ({}))));
    const titles = await taken();

    // More than one look of the sweeps takes.
    stage.clock.advance(10 * 60_000);
    await stage.sweep();
    await stage.sweep();
    const [all, ...further] = await taken();
    const last = await stage.parts.runs.tasks(run, { block: 'title', status: ['dropped'], limit: 1 });

    expect(titles).toHaveLength(10);
    expect([all?.block, all?.payloads?.count, further]).toEqual(['all', 0, []]);
    expect(last.tasks).toMatchObject([{ error: { code: 'deadline-exceeded' } }]);
    await complete(all!, outputs({}));
    expect((await show()).status).toBe('partial');
    await stage.take();
    await stage.sweep();
    const { plan } = await stage.parts.plans.of(database.current, 'staged', (await show()).version);
    expect(await brokenInvariants(database.current, plan, run)).toEqual([]);
    await close();
  });

  it('comes before what a vendor asked to wait for, also where nobody looked in between', async () => {
    const blocks = [
      { id: 'brief', type: 'rows' },
      { id: 'title', type: 'map', deadline: '10m', onError: 'keep' },
    ];
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    await complete((await taken())[0]!, outputs({}, {}));
    const [early, late] = await taken();
    const slower = async ({ task, attempt }: BlockRequested, afterMs: number): Promise<void> => {
      const error = { code: 'rate-limited', message: 'Slower', retryable: true, afterMs };
      await stage.parts.advance.settle([{ run, task, attempt, kind: 'failed', error }]);
    };
    await slower(early!, 11 * 60_000);
    await slower(late!, 60 * 60_000);

    // Away for longer than the first was to wait.
    stage.clock.advance(12 * 60_000);
    await stage.sweep();

    expect(await taken()).toEqual([]);
    expect((await show()).status).toBe('partial');
    const { payloads } = await stage.parts.runs.results(run, { limit: 10 });
    expect(payloads.map(({ key, blockResults }) => [key, blockResults['title']])).toEqual(
      [1, 2].map((n) => [
        `brief=${n}`,
        { error: { code: 'deadline-exceeded', message: expect.stringContaining('600000 ms') } },
      ]),
    );
    await close();
  });

  it('of a block goes on while the run is paused: what is resumed after it asks for nothing', async () => {
    const blocks = [
      { id: 'brief', type: 'rows' },
      { id: 'title', type: 'map', deadline: '10m', onError: 'drop', concurrency: 1 },
      { id: 'all', type: 'collect' },
    ];
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    await complete((await taken())[0]!, outputs({}, {}, {}));
    const [title] = await taken();

    await stage.parts.pause.pause(run);
    await complete(title!, outputs({}));
    stage.clock.advance(11 * 60_000);
    await stage.parts.pause.resume(run);
    const [all, ...further] = await taken();

    expect([all?.block, all?.payloads?.count, further]).toEqual(['all', 1, []]);
    await complete(all!, outputs({}));
    expect((await show()).status).toBe('partial');
    await close();
  });

  it('of the run that is over asks for nothing, though a resume comes before any look', async () => {
    const blocks = [
      { id: 'brief', type: 'rows' },
      { id: 'title', type: 'map', concurrency: 1 },
    ];
    const { stage, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    const { publish, start, pause } = stage.parts;
    await publish.publish('over', { kind: 'workflow', id: 'over', deadline: '10m', blocks });
    const { id } = await start.execute({ workflow: 'over', inputs: {} });
    const takenOfRun = async () => (await taken()).filter(({ run }) => run === id);
    await complete((await takenOfRun())[0]!, outputs({}, {}));
    const [title] = await takenOfRun();

    await pause.pause(id);
    await complete(title!, outputs({}));
    stage.clock.advance(11 * 60_000);
    await pause.resume(id);
    const asked = await takenOfRun();
    await stage.sweep();

    expect(asked).toEqual([]);
    expect(await show(id)).toMatchObject({ status: 'failed', reason: 'The run passed its deadline' });
    await close();
  });
});
