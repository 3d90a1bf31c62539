import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

const blocks = [
  { id: 'brief', type: 'rows' },
  { id: 'title', type: 'map' },
];

describe('a command that is given again', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  const aRun = async () => {
    const played = await aRunOnStage(database.current, blocks);
    const sequence = async (): Promise<unknown> => {
      const text = 'SELECT seq, status, reason, ended_at FROM runs WHERE id = $1';
      return (await database.current.query({ text, values: [played.run] })).rows[0];
    };
    /** Gives a command twice: the second time nothing changes, and nothing is asked for. */
    const twice = async (command: () => Promise<unknown>): Promise<string> => {
      await command();
      await played.taken();
      const before = await sequence();
      await command();
      expect(await sequence()).toEqual(before);
      expect(await played.taken()).toEqual([]);
      return (await played.show()).status;
    };
    return { ...played, twice };
  };

  it('changes nothing: pause, resume, cancel, retry', async () => {
    const { stage, run, taken, complete, twice, close } = await aRun();
    const { pause, cancel, retry } = stage.parts;
    const [brief] = await taken();

    expect(await twice(() => pause.pause(run))).toBe('paused');
    expect(await twice(() => pause.resume(run))).toBe('running');
    expect(await twice(() => cancel.execute(run))).toBe('stopping');
    await complete(brief!, outputs({}));
    expect(await twice(() => cancel.execute(run))).toBe('cancelled');
    expect(await twice(() => pause.pause(run))).toBe('cancelled');
    expect(await twice(() => retry.execute(run))).toBe('running');
    await close();
  });

  it('changes nothing of a run that has ended well', async () => {
    const { stage, run, taken, complete, twice, close } = await aRun();
    const { pause, cancel, retry } = stage.parts;
    await complete((await taken())[0]!, outputs({}));
    await complete((await taken())[0]!, outputs({}));

    expect(await twice(() => pause.pause(run))).toBe('completed');
    expect(await twice(() => pause.resume(run))).toBe('completed');
    expect(await twice(() => cancel.execute(run))).toBe('completed');
    await expect(retry.execute(run)).rejects.toMatchObject({ code: 'not-retryable' });
    await close();
  });
});
