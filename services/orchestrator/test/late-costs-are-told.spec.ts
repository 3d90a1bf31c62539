import type { BlockRequested, Usage } from '@duofactory/contracts';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import type { AdvanceRuns } from '../src/app/advance/advance-runs.js';
import { ChildRuns } from '../src/app/advance/child-runs.js';
import { ReadProvenance } from '../src/app/history/read-provenance.js';
import { WORKFLOW_BLOCK } from '../src/app/workflows/own-block-types.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

const MINUTE_MS = 60_000;

const inside = (id: string, workflow: string): object => ({
  ...{ kind: 'workflow', id },
  blocks: [{ id: 'sub', type: 'workflow', needs: [], with: { workflow } }],
});

const usage: Usage = {
  ...{ kind: 'model', provider: 'test', model: 'test', units: {}, saved: false, ledger: 'call' },
  cost: { amount: 4, currency: 'USD' },
};

describe('what is paid for after the end of a run inside a run', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  /** Three runs, one inside the other, that have all ended before the first attempt of the innermost is answered. */
  const threeEnded = async () => {
    const played = await aRunOnStage(database.current, [{ id: 'none', type: 'map' }], {}, [WORKFLOW_BLOCK]);
    const { stage, show, taken, complete } = played;
    const { advance, publish, runs, start } = stage.parts;
    const pay = { id: 'pay', type: 'map', needs: [], timeout: '10m' };
    await publish.publish('low', { kind: 'workflow', id: 'low', blocks: [pay] });
    await publish.publish('mid', inside('mid', 'low'));
    await publish.publish('top', inside('top', 'mid'));
    const childrenOf = (by: AdvanceRuns): ChildRuns =>
      new ChildRuns(database.current, by, start, runs, played.objects);
    const children = childrenOf(advance);

    const { id: top } = await start.execute({ workflow: 'top', inputs: {} });
    const asked = async (block: string): Promise<BlockRequested> =>
      (await taken()).find((request) => request.block === block)!;
    const ofTop = await asked('sub');
    await children.start(ofTop);
    const ofMid = await asked('sub');
    await children.start(ofMid);
    const first = await asked('pay');
    const { run: low, task, attempt } = first;
    const begunAt = stage.clock.now();
    await advance.step((step) => step.alive([{ run: low, task, attempt, begunAt, worker: 'w' }]));
    stage.clock.advance(31 * MINUTE_MS);
    await stage.sweep();
    await complete(await asked('pay'), outputs({}));
    await children.ended([low]);
    await children.ended([ofMid.run]);
    expect((await show(top)).status).toBe('completed');

    const costs = async (): Promise<number[]> =>
      Promise.all([low, ofMid.run, top].map(async (run) => (await show(run)).blocks[0]!.cost));
    const late = { run: low, task, attempt, usage: [usage] };
    const settleLate = () => advance.settle([{ ...late, kind: 'completed', outcome: outputs({}) }]);
    return { ...played, advance, children, childrenOf, costs, settleLate };
  };

  it('is told to all runs above by whoever looks next, if its orchestrator dies before it tells', async () => {
    const { children, costs, settleLate, close } = await threeEnded();
    await settleLate();
    expect(await costs()).toEqual([4, 0, 0]);

    await children.sweep();
    await children.sweep();

    expect(await costs()).toEqual([4, 4, 4]);
    await close();
  });

  it('is told to the next run above, if its orchestrator dies between two', async () => {
    const { advance, children, childrenOf, costs, settleLate, close } = await threeEnded();
    const dying = Object.assign(Object.create(advance) as AdvanceRuns, {
      settleAtCost: async (...args: Parameters<AdvanceRuns['settleAtCost']>) => {
        await advance.settleAtCost(...args);
        throw new Error('It dies');
      },
    });
    const late = await settleLate();
    await expect(childrenOf(dying).paidAfterEnd(late)).rejects.toThrow('It dies');
    expect(await costs()).toEqual([4, 4, 0]);

    await children.sweep();

    expect(await costs()).toEqual([4, 4, 4]);
    expect((await database.current.query({ text: 'SELECT run FROM late_costs' })).rows).toEqual([]);
    await close();
  });

  it('is told once, however many tell it at the same time', async () => {
    const { children, costs, settleLate, close } = await threeEnded();
    const late = await settleLate();

    await Promise.all([children.paidAfterEnd(late), children.sweep(), children.sweep()]);
    await children.sweep();

    expect(await costs()).toEqual([4, 4, 4]);
    await close();
  });
});

describe('what a later attempt reads, and its own task had paid for', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);
  const again: Usage = { ...usage, again: true };

  it.each([
    ['was told by the attempt that paid', [usage]],
    ['was told by nobody: the process died before', []],
  ])('counts once, and saved nothing, where it %s', async (_, told) => {
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, [
      { id: 'pay', type: 'map', retry: { attempts: 2, base: '1s' } },
    ]);
    const [first] = await taken();
    const error = { code: 'cut', message: 'Cut off', retryable: true };
    const { task, attempt } = first!;
    await stage.parts.advance.settle([{ run, task, attempt, kind: 'failed', error, usage: told }]);
    stage.clock.advance(MINUTE_MS);
    await stage.sweep();
    const [second] = await taken();

    await complete(second!, outputs({}), [again, again, { ...usage, ledger: 'another', cost: null }]);

    const { status, blocks } = await show();
    expect([status, second!.attempt]).toEqual(['completed', 2]);
    expect(blocks[0]).toMatchObject({ cost: 4, unpriced: 1 });
    const { tasks } = await stage.parts.runs.tasks(run, { limit: 10 });
    expect(tasks[0]).toMatchObject({ paid: { amount: 4, unpriced: 1 } });
    await close();
  });

  it('counts twice where the vendor was asked twice: one was taken for dead, and was not', async () => {
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, [
      { id: 'pay', type: 'map', retry: { attempts: 2, base: '1s' } },
    ]);
    const [first] = await taken();
    const { task, attempt } = first!;
    const error = { code: 'cut', message: 'Cut off', retryable: true };
    await stage.parts.advance.settle([{ run, task, attempt, kind: 'failed', error, usage: [] }]);
    stage.clock.advance(MINUTE_MS);
    await stage.sweep();
    const [second] = await taken();
    await complete(second!, outputs({}), [{ ...usage, requestId: 'second' }]);

    for (let times = 0; times < 2; times += 1)
      await stage.parts.advance.settle([
        {
          run,
          task,
          attempt,
          kind: 'failed',
          error,
          usage: [{ ...usage, requestId: 'first' }],
          onlyPaid: true,
        },
      ]);

    expect((await show()).blocks[0]).toMatchObject({ cost: 8 });
    const { tasks } = await stage.parts.runs.tasks(run, { limit: 10 });
    expect(tasks[0]).toMatchObject({ paid: { amount: 8 } });
    await close();
  });

  it('is no unknown price of a payload that reads what another paid', async () => {
    const { stage, taken, complete, close } = await aRunOnStage(database.current, [
      { id: 'pay', type: 'map' },
      { id: 'read', type: 'map', needs: ['pay'] },
    ]);
    const unknown: Usage = { ...usage, cost: null };
    const [pay] = await taken();
    await complete(pay!, outputs({}), [
      { ...unknown, saved: true },
      { ...unknown, ledger: 'its own' },
      again,
    ]);
    const [read] = await taken();

    const { cost } = await new ReadProvenance(database.current, stage.parts.plans).execute(read!.task);

    expect(cost).toEqual({ amount: 4, currency: 'USD', unpriced: 1 });
    await close();
  });
});
