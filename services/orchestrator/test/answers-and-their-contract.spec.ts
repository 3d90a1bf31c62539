import { FsObjectStore } from '@duofactory/objects';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { tmpdir } from 'node:os';
import { outcomeOfAnswer, type AttemptNamed, type BlockOutcome } from '../src/app/advance/block-outcome.js';
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

  it.each(['fail', 'drop'])(
    'may say what went wrong in characters that cannot be stored: %s',
    async (onError) => {
      const { stage, run, taken, show, close } = await aRunOnStage(database.current, [
        { id: 'title', type: 'map', needs: [], onError },
      ]);
      const { task, attempt } = (await taken())[0]!;
      const error = { code: 'vendor\0', message: 'It said \0 and \ud800', retryable: false };
      const hold = { reason: 'Spent\0', id: 'budget/\0', epoch: 1 };
      const answered = (more: object): object => ({ run, task, attempt, error: { ...error, ...more } });
      const settle = async (answer: object): Promise<unknown> => {
        const outcome = outcomeOfAnswer('failed', answer as AttemptNamed, new FsObjectStore(tmpdir()));
        return stage.parts.advance.settle([await outcome]);
      };

      await settle(answered({ hold }));
      expect(await show()).toMatchObject({ status: 'paused', reason: 'Spent\uFFFD' });
      await stage.parts.pause.resume(run);
      await settle({ ...answered({}), attempt: (await taken())[0]!.attempt });

      expect((await show()).status).toBe(onError === 'fail' ? 'failed' : 'partial');
      const { tasks } = await stage.parts.runs.tasks(run, { limit: 1 });
      expect(tasks[0]!.error).toEqual({ code: 'vendor\uFFFD', message: 'It said \uFFFD and \uFFFD' });
      await close();
    },
  );

  it('may name its attempt in capitals', async () => {
    const { stage, run, taken, show, close } = await aRunOnStage(database.current, [
      { id: 'title', type: 'map', needs: [] },
    ]);
    const { task, attempt } = (await taken())[0]!;
    const answered = { run: run.toUpperCase(), task: task.toUpperCase(), attempt, outputs: [{ result: {} }] };

    await stage.parts.advance.settle([
      await outcomeOfAnswer('completed', answered, new FsObjectStore(tmpdir())),
    ]);

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

  it.each(['completed', 'failed', 'held'])(
    'that names a task of another run is parked, and settles nothing: %s',
    async (what) => {
      const blocks = [{ id: 'title', type: 'map', needs: [] }];
      const mine = await aRunOnStage(database.current, blocks);
      const { task: ownTask } = (await mine.taken())[0]!;
      const { id: other } = await mine.stage.parts.start.execute({ workflow: 'staged', inputs: {} });
      const { task, attempt } = (await mine.taken())[0]!;
      const { run, stage } = mine;
      const error = { code: 'no', message: 'No', retryable: false };
      const hold = { reason: 'The budget is spent' };
      const wrong: BlockOutcome =
        what === 'completed'
          ? { run, task, attempt, kind: 'completed', outcome: outputs({ wrong: true }) }
          : { run, task, attempt, kind: 'failed', error: what === 'held' ? { ...error, hold } : error };

      const both = { run: other, task, attempt: attempt + 1, kind: 'failed', error } as const;
      for (const answers of [[wrong], [both, wrong]]) {
        const refused = { code: 'task-of-another-run', terminal: true };
        await expect(stage.parts.advance.settle(answers)).rejects.toMatchObject(refused);
        stage.restart();
      }

      expect([(await mine.show()).status, (await mine.show(other)).status]).toEqual(['running', 'running']);
      await stage.parts.advance.settle([
        { run, task: ownTask, attempt, kind: 'completed', outcome: outputs({}) },
        { run: other, task, attempt, kind: 'completed', outcome: outputs({}) },
      ]);
      expect([(await mine.show()).status, (await mine.show(other)).status]).toEqual([
        'completed',
        'completed',
      ]);
      await mine.close();
    },
  );
});
