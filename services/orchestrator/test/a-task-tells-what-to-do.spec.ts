import type { BlockRequested } from '@duofactory/contracts';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { ShowTask } from '../src/app/history/show-task.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

describe('a task tells what to do', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  const aFailure = async (error: { code: string; retryable: boolean }) => {
    const blocks = [{ id: 'title', type: 'map', needs: [], retry: { attempts: 2, base: '1s' } }];
    const played = await aRunOnStage(database.current, blocks);
    const { stage, taken } = played;
    const fail = ({ run, task, attempt }: BlockRequested): Promise<unknown> =>
      stage.parts.advance.settle([
        { run, task, attempt, kind: 'failed', error: { message: 'It broke', ...error } },
      ]);
    const [first] = await taken();
    await fail(first!);
    if (error.retryable) {
      stage.clock.advance(60_000);
      await stage.sweep();
      await fail((await taken())[0]!);
    }
    return { ...played, task: first!.task, show: new ShowTask(database.current) };
  };

  it('about an error that may pass, with every attempt', async () => {
    const { task, show, close } = await aFailure({ code: 'vendor-away', retryable: true });

    const told = await show.execute(task);

    expect(told).toMatchObject({
      ...{ id: task, block: 'title', key: '', status: 'failed', traceId: null },
      error: { code: 'vendor-away', message: 'It broke' },
      remedy: expect.stringMatching(/retry the failed tasks/),
    });
    expect(told.attempts).toMatchObject([
      { attempt: 1, outcome: 'failed', error: { code: 'vendor-away' } },
      { attempt: 2, outcome: 'failed', error: { code: 'vendor-away' } },
    ]);
    await close();
  });

  it('about one that stays, and about one that the engine has named', async () => {
    const lasting = await aFailure({ code: 'unknown-model', retryable: false });
    const named = await aFailure({ code: 'bad-result', retryable: false });

    expect((await lasting.show.execute(lasting.task)).remedy).toMatch(/rerun on the latest version/);
    expect((await named.show.execute(named.task)).remedy).toMatch(/its owner mends the service/);
    await Promise.all([lasting.close(), named.close()]);
  });

  it('and under which trace its run is found', async () => {
    const { stage, taken, complete, close } = await aRunOnStage(database.current, [
      { id: 'title', type: 'map', needs: [] },
    ]);
    const traceparent = `00-${CALLER.traceId}-${CALLER.spanId}-01`;
    await taken();
    const { id: run } = await stage.parts.start.execute({ workflow: 'staged', inputs: {}, traceparent });
    const asked = (await taken()).find((one) => one.run === run)!;
    await complete(asked, outputs({}));

    expect(await new ShowTask(database.current).execute(asked.task)).toMatchObject({
      ...{ status: 'done', error: null, remedy: null, traceId: CALLER.traceId },
      attempts: [{ attempt: 1, outcome: 'completed', settled: true }],
    });
    await close();
  });

  it('and is unknown where there is none', async () => {
    const show = new ShowTask(database.current);

    await expect(show.execute('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      ...{ status: 404, code: 'unknown-task' },
    });
  });
});
