import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

const MINUTE_MS = 60_000;

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
    await close();
  });
});
