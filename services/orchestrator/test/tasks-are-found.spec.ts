import type { Usage } from '@duofactory/contracts';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import type { ReadRuns } from '../src/app/history/read-runs.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

/** topic (as many rows as are asked for, each with an id of its own) -> title */
const blocks = [
  { id: 'topic', type: 'rows' },
  { id: 'title', type: 'map' },
];

describe('the tasks of a run', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  const aRunOver = async (...ids: string[]) => {
    const played = await aRunOnStage(database.current, blocks);
    const { stage, run, taken, complete, close } = played;
    await complete((await taken())[0]!, {
      kind: 'outputs',
      outputs: ids.map((id) => ({ id, result: { id } })),
    });
    const asked = (await taken()).find(({ key }) => key === 'topic=Slow%20News');
    if (asked) await complete(asked, outputs({ text: 'Despacio' }));
    const tasks = (of: Parameters<ReadRuns['tasks']>[1]) => stage.parts.runs.tasks(run, of);
    return { tasks, close };
  };
  const keysOf = ({ tasks }: Awaited<ReturnType<ReadRuns['tasks']>>) => tasks.map(({ key }) => key);

  it('come in payload order, a page after the other, each once', async () => {
    const ids = Array.from({ length: 7 }, (_, n) => `t${n}`);
    const { tasks, close } = await aRunOver(...ids);

    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await tasks({ block: 'title', limit: 3, ...(cursor ? { cursor } : {}) });
      pages.push(keysOf(page));
      cursor = page.next;
    } while (cursor !== undefined);

    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual(ids.map((id) => `topic=${id}`));
    await close();
  });

  it('are found by words of their keys, as people write them, and by status', async () => {
    const { tasks, close } = await aRunOver('Slow News', 'Fast News', '100% *new*');

    expect(keysOf(await tasks({ find: 'topic news slow', limit: 50 }))).toEqual(['topic=Slow%20News']);
    expect(keysOf(await tasks({ find: '% *NEW', limit: 50 }))).toEqual(['topic=100%25%20%2Anew%2A']);
    expect(keysOf(await tasks({ block: 'title', status: ['done'], limit: 50 }))).toEqual([
      'topic=Slow%20News',
    ]);
    expect(keysOf(await tasks({ find: 'nobody', limit: 50 }))).toEqual([]);
    await close();
  });

  it('tell the score of what they made, what all their attempts cost, and how long it took', async () => {
    const { stage, run, taken, complete, close } = await aRunOnStage(database.current, [
      { id: 'draft', type: 'gen', needs: [], times: 3 },
    ]);
    const usage = (amount: number | null, saved = false): Usage => ({
      ...{ kind: 'model', provider: 'openai', model: 'gpt-5-mini', units: {}, saved },
      cost: amount === null ? null : { amount, currency: 'USD' },
    });
    const [first, second, third] = await taken();
    await complete(first!, outputs({ score: 0.75 }), [usage(0.5), usage(0.25), usage(8, true)]);
    await complete(second!, outputs({ score: 'high' }), [usage(null)]);

    const { tasks } = await stage.parts.runs.tasks(run, { block: 'draft', limit: 50 });
    const by = new Map(tasks.map(({ id, score, paid, endedAt }) => [id, [score, paid, endedAt !== null]]));
    expect(by.get(first!.task)).toEqual([0.75, { amount: 0.75, unpriced: 0 }, true]);
    expect(by.get(second!.task)).toEqual([null, { amount: 0, unpriced: 1 }, true]);
    expect(by.get(third!.task)).toEqual([null, { amount: 0, unpriced: 0 }, false]);
    expect((await stage.parts.runs.show(run)).spent).toEqual({ cost: 0.75, unpriced: 1 });
    await close();
  });

  it('refuse a cursor of another list', async () => {
    const { tasks, close } = await aRunOver('a');

    await expect(tasks({ cursor: 'bm9uZQ', limit: 3 })).rejects.toMatchObject({ code: 'invalid-cursor' });
    await close();
  });
});
