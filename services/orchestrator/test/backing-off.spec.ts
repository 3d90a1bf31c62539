import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { backOffMs } from '../src/app/advance/back-off.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { brokenInvariants } from '../src/scenarios/broken-invariants.js';
import { aRunOnStage, outputs } from './on-stage.js';

describe('a task that fails for now is tried again', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  it('after a time that doubles up to a cap, spread by half of it, the same wherever it is worked out', () => {
    const of = { task: 'a', afterMs: 0, baseMs: 1000, capMs: 8000 };
    const waits = [1, 2, 3, 4, 5, 6].map((failures) => backOffMs({ ...of, attempt: failures, failures }));
    const wholes = [1000, 2000, 4000, 8000, 8000, 8000];
    const spread = new Set(
      Array.from({ length: 50 }, (_, n) => backOffMs({ ...of, task: `task ${n}`, attempt: 1, failures: 1 })),
    );

    waits.forEach((wait, n) => {
      expect(wait).toBeGreaterThanOrEqual(wholes[n]! / 2);
      expect(wait).toBeLessThanOrEqual(wholes[n]!);
    });
    expect(spread.size).toBe(50);
    expect(backOffMs({ ...of, attempt: 3, failures: 3 })).toBe(waits[2]);
  });

  it('after a day at most, whatever the vendor said', () => {
    const of = { task: 'a', attempt: 1, failures: 1, baseMs: 1000, capMs: 8000 };

    expect(backOffMs({ ...of, afterMs: 3_600_000 })).toBe(3_600_000);
    expect(backOffMs({ ...of, afterMs: 1e15 })).toBe(86_400_000);
  });

  it('not before the vendor said, and not as long as its back-off lasts', async () => {
    const blocks = [{ id: 'brief', type: 'rows', retry: { attempts: 2, base: '1s', cap: '1s' } }];
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    const { task, attempt } = (await taken())[0]!;
    const error = { code: 'rate-limited', message: 'Slower', retryable: true, afterMs: 90_000 };

    await stage.parts.advance.settle([{ run, task, attempt, kind: 'failed', error }]);
    stage.clock.advance(80_000);
    await stage.sweep();
    const early = await taken();
    stage.clock.advance(10_000);
    await stage.sweep();
    const [again] = await taken();
    await complete(again!, outputs({}));

    expect(early).toEqual([]);
    expect(again).toMatchObject({ task, attempt: 2 });
    expect((await show()).status).toBe('completed');
    await close();
  });

  it('at once where its run was cancelled meanwhile and is retried; until then it holds up no other', async () => {
    const blocks = [
      { id: 'brief', type: 'rows' },
      { id: 'title', type: 'map', retry: { base: '1m', cap: '1m' } },
    ];
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    const { advance, pause, cancel, plans, retry, start } = stage.parts;
    const takenOf = async (of: string) => (await taken()).filter((one) => one.run === of);
    const error = { code: 'busy', message: 'Try later', retryable: true };
    const failAll = async (of: string): Promise<unknown> =>
      advance.settle(
        (await takenOf(of)).map(({ task, attempt }) => ({ run: of, task, attempt, kind: 'failed', error })),
      );
    // More than the sweeps look at in one go.
    await complete((await taken())[0]!, outputs(...Array.from({ length: 600 }, () => ({}))));
    await failAll(run);
    await pause.pause(run);
    await cancel.execute(run);
    const cancelled = await show();
    stage.clock.advance(10 * 60_000);
    const { id: other } = await start.execute({ workflow: 'staged', inputs: {} });
    await complete((await takenOf(other))[0]!, outputs({}));
    await failAll(other);
    stage.clock.advance(2 * 60_000);
    await stage.sweep();
    const again = await takenOf(other);
    await retry.execute(run);
    const retried = await takenOf(run);

    expect(cancelled.status).toBe('cancelled');
    expect(again).toMatchObject([{ attempt: 2 }]);
    expect(retried).toHaveLength(600);
    await stage.take();
    await stage.sweep();
    const { plan } = await plans.of(database.current, 'staged', cancelled.version);
    expect(await brokenInvariants(database.current, plan, run)).toEqual([]);
    await close();
  });
});
