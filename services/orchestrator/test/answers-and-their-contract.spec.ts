import { FsObjectStore } from '@duofactory/objects';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { tmpdir } from 'node:os';
import { outcomeOfAnswer } from '../src/app/block-outcome.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { registerBlockType } from '../src/store/block-types.js';
import { aRunOnStage, MANIFESTS, outputs } from './on-stage.js';

describe('an answer of a service', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  it('names its results by ids alone: labels are the engine’s, and a field of that name says nothing', async () => {
    const { stage, run, taken, show, close } = await aRunOnStage(database.current, [
      { id: 'brief', type: 'rows' },
    ]);
    const { task, attempt } = (await taken())[0]!;
    const answered = {
      ...{ run, task, attempt },
      outputs: [
        { label: 'a/brief=b', result: { n: 1 } },
        { label: 'a/brief=b', result: { n: 2 } },
      ],
    };

    const outcome = await outcomeOfAnswer('completed', answered, new FsObjectStore(tmpdir()));
    await stage.parts.advance.settle([outcome]);

    const { payloads } = await stage.parts.runs.results(run, { block: 'brief', limit: 10 });
    expect(payloads.map(({ key }) => key)).toEqual(['brief=1', 'brief=2']);
    expect((await show()).status).toBe('completed');
    await close();
  });

  it('is read as its type was when the workflow was published, whatever the type has become since', async () => {
    const map = MANIFESTS.find(({ type }) => type === 'map')!;
    const register = (manifest: typeof map): Promise<unknown> =>
      registerBlockType(database.current, { service: 'scenario', manifest, now: new Date() });
    const { stage, taken, complete, show, close } = await aRunOnStage(database.current, [
      { id: 'brief', type: 'rows' },
      { id: 'title', type: 'map' },
      { id: 'last', type: 'map' },
    ]);
    await complete((await taken())[0]!, outputs({}, {}));

    await register({ ...map, output: 'many', version: 2 });
    stage.restart();
    const versions: number[] = [];
    for (let asked = await taken(); asked.length > 0; asked = await taken()) {
      versions.push(...asked.map(({ typeVersion }) => typeVersion));
      for (const one of asked) await complete(one, outputs({}));
    }
    await register(map);

    expect(versions).toEqual([1, 1, 1, 1]);
    expect((await show()).status).toBe('completed');
    await close();
  });
});
