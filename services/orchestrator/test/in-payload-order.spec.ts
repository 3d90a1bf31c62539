import type { BlockRequested } from '@duofactory/contracts';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

describe('tasks that wait for their turn', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  it('are asked for in payload order, whichever of those before them comes back first', async () => {
    const blocks = [
      { id: 'row', type: 'rows' },
      { id: 'title', type: 'map', concurrency: 3 },
    ];
    const { taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    const [rows] = await taken();
    await complete(rows!, outputs(...Array.from({ length: 20 }, (_, i) => ({ i }))));
    const out = [...(await taken())];
    const asked = out.map(({ key }) => key);

    for (let last: BlockRequested | undefined; (last = out.pop());) {
      await complete(last, outputs({}));
      const next = await taken();
      out.push(...next);
      asked.push(...next.map(({ key }) => key));
    }

    expect(asked).toEqual(Array.from({ length: 20 }, (_, i) => `row=${i + 1}`));
    expect((await show()).status).toBe('completed');
    await close();
  });
});
