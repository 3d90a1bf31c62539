import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { CompareRuns } from '../src/app/history/compare-runs.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

describe('two runs beside each other', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);
  const fan = { id: 'fan', type: 'rows' };
  const usage = (amount: number): object => ({
    ...{ ledger: `call-${amount}`, kind: 'model', provider: 'p', model: 'm', units: {}, saved: false },
    cost: { amount, currency: 'USD' },
  });

  /** Rows by their ids, each with what its task says of it. */
  const aRun = async (rows: Record<string, Record<string, unknown>>, more: object[] = [], amount = 0) => {
    const { stage, run, taken, close } = await aRunOnStage(database.current, [
      fan,
      { id: 'say', type: 'map' },
      ...more,
    ]);
    const answer = (request: { run: string; task: string; attempt: number }, outcome: object, cost: number) =>
      stage.parts.advance.settle([
        { ...request, kind: 'completed', outcome, usage: cost > 0 ? [usage(cost)] : [] } as never,
      ]);
    const [first] = (await taken()).filter((request) => request.run === run);
    const made = Object.keys(rows).map((id) => ({ id, result: { id } }));
    await answer(first!, { kind: 'outputs', outputs: made }, 0);
    for (const request of (await taken()).filter((one) => one.run === run))
      await answer(request, outputs(rows[request.key.replace('fan=', '')]!), amount);
    return { run, stage, close };
  };

  it('tell by key what came out of both, the same or not, or of one alone, and what each cost', async () => {
    const here = await aRun({ a: { score: 0.5 }, b: { text: 'B' }, c: { text: 'C' } }, [], 0.25);
    const there = await aRun({ b: { text: 'B' }, c: { text: 'other' }, d: { score: 1 } });
    const compare = new CompareRuns(database.current, here.stage.parts.plans);

    const { block, blocks, payloads, spent, otherSpent } = await compare.execute(here.run, {
      ...{ with: there.run, limit: 10 },
    });

    expect({ block, blocks }).toEqual({ block: 'say', blocks: ['fan', 'say'] });
    const none = { score: null, otherScore: null };
    expect(payloads).toEqual([
      { ...none, key: 'fan=a', state: 'ok', otherState: null, same: false, score: 0.5 },
      { ...none, key: 'fan=b', state: 'ok', otherState: 'ok', same: true },
      { ...none, key: 'fan=c', state: 'ok', otherState: 'ok', same: false },
      { ...none, key: 'fan=d', state: null, otherState: 'ok', same: false, otherScore: 1 },
    ]);
    expect([spent.cost, otherSpent.cost]).toEqual([0.75, 0]);
    await here.close();
    await there.close();
  });

  it('come in pages that neither repeat nor leave out any', async () => {
    const rows = (ids: string): Record<string, { text: string }> =>
      Object.fromEntries([...ids].map((id) => [id, { text: id }]));
    const here = await aRun(rows('abdfg'));
    const there = await aRun(rows('bcdeh'));
    const compare = new CompareRuns(database.current, here.stage.parts.plans);
    const keys: string[] = [];

    for (let cursor: string | undefined; ;) {
      const page = await compare.execute(here.run, {
        ...{ with: there.run, block: 'say', limit: 3 },
        ...(cursor === undefined ? {} : { cursor }),
      });
      keys.push(...page.payloads.map(({ key }) => key));
      cursor = page.next;
      if (cursor === undefined) break;
    }

    expect(keys).toEqual([...'abcdefgh'].map((id) => `fan=${id}`));
    await here.close();
    await there.close();
  });

  it('refuses a run that is not there, and a block that not both have', async () => {
    const here = await aRun({ a: {} }, [{ id: 'own', type: 'map' }]);
    const there = await aRun({ a: {} });
    const compare = new CompareRuns(database.current, here.stage.parts.plans);
    const nobody = '00000000-0000-4000-8000-000000000000';

    await expect(compare.execute(here.run, { with: nobody, limit: 5 })).rejects.toMatchObject({
      code: 'unknown-run',
    });
    await expect(
      compare.execute(here.run, { with: there.run, block: 'own', limit: 5 }),
    ).rejects.toMatchObject({ status: 404, code: 'unknown-block' });
    await here.close();
    await there.close();
  });
});
