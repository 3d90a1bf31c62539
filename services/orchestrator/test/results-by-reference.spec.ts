import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { ReadResult } from '../src/app/read-result.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage } from './on-stage.js';

describe('a result that is kept by reference', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  it('leaves templates that name it to the service, and is loaded for expressions', async () => {
    const blocks = [
      { id: 'brief', type: 'map', needs: [] },
      { id: 'title', type: 'map', when: 'brief.name = "long"', with: { text: '{{brief.text}} for {{who}}' } },
      { id: 'note', type: 'map', needs: ['brief'], with: { text: 'for {{who}}' } },
    ];
    const inputs = { who: 'Ann' };
    const { stage, run, objects, taken, complete, close } = await aRunOnStage(
      database.current,
      blocks,
      inputs,
    );
    const text = 'x'.repeat(300_000);
    const ref = await objects.put(Buffer.from(JSON.stringify({ name: 'long', text })), 'application/json');

    await complete((await taken())[0]!, { kind: 'outputs', outputs: [{ ref }] });
    await stage.parts.decide.look([run]);
    const requests = await taken();

    expect(requests.find(({ block }) => block === 'title')).toMatchObject({
      unresolved: true,
      with: { text: '{{brief.text}} for {{who}}' },
      inputs,
      payload: { key: '', blockResults: { brief: { ref } } },
    });
    const note = requests.find(({ block }) => block === 'note')!;
    expect(note.with).toEqual({ text: 'for Ann' });
    expect(note.unresolved).toBeUndefined();
    await close();
  });

  it('is read whole, as one that is kept in the row is', async () => {
    const blocks = [
      { id: 'brief', type: 'map', needs: [] },
      { id: 'note', type: 'map' },
    ];
    const { stage, run, objects, taken, complete, close } = await aRunOnStage(database.current, blocks);
    const long = { text: 'ü'.repeat(300_000) };
    const ref = await objects.put(Buffer.from(JSON.stringify(long)), 'application/json');
    await complete((await taken())[0]!, { kind: 'outputs', outputs: [{ ref }] });
    await complete((await taken())[0]!, { kind: 'outputs', outputs: [{ result: { text: 'ö' } }] });
    const readResult = new ReadResult(database.current, stage.parts.plans, objects);
    const read = async (block: string) =>
      JSON.parse(Buffer.from(await readResult.execute(run, { block, key: '' })).toString()) as unknown;

    expect(await read('brief')).toEqual(long);
    expect(await read('note')).toEqual({ text: 'ö' });
    await expect(read('other')).rejects.toMatchObject({ status: 404, code: 'unknown-result' });
    await close();
  });

  it('that is lost says which object', async () => {
    const blocks = [{ id: 'brief', type: 'map', needs: [] }];
    const { stage, run, objects, taken, complete, close } = await aRunOnStage(database.current, blocks);
    const ref = { object: `sha256/00/${'0'.repeat(64)}`, mediaType: 'application/json', sizeBytes: 300_000 };
    await complete((await taken())[0]!, { kind: 'outputs', outputs: [{ ref }] });

    const lost = new ReadResult(database.current, stage.parts.plans, objects).execute(run, {
      block: 'brief',
      key: '',
    });

    await expect(lost).rejects.toMatchObject({
      code: 'object-missing',
      message: expect.stringContaining(ref.object),
    });
    await close();
  });
});
