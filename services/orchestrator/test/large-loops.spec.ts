import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

const LOOPS = 3;
const OF_EACH = 3000;

/** brief (3 rows) -> draft -> spread (3,000 of each draft, then the loop is over) */
const blocks = [
  { id: 'brief', type: 'rows', needs: [] },
  { id: 'draft', type: 'gen', times: 1 },
  { id: 'spread', type: 'spread', per: 'brief', repeat: { from: 'draft', rounds: 2, until: 'true' } },
];

describe('loops that end together', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  it('end in steps of their own where they let much go on', async () => {
    const types = [{ type: 'spread', input: 'all', output: 'many' }] as const;
    const { stage, taken, complete, show, close } = await aRunOnStage(database.current, blocks, {}, types);
    await complete((await taken())[0]!, outputs(...Array.from({ length: LOOPS }, (_, n) => ({ n }))));
    for (const draft of await taken()) await complete(draft, outputs({ text: 'x' }));
    for (const spread of await taken())
      await complete(spread, outputs(...Array.from({ length: OF_EACH }, (_, n) => ({ n }))));

    const made: number[] = [];
    while (await stage.parts.decide.look()) made.push((await show()).blocks[2]!.payloads);

    expect(made).toEqual([OF_EACH, 2 * OF_EACH, 3 * OF_EACH]);
    expect((await show()).status).toBe('completed');
    await close();
  });
});
