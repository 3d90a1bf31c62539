import type { Ref } from '@duofactory/contracts';
import type { Outcome } from '@duofactory/engine';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { ChildRuns } from '../src/app/advance/child-runs.js';
import { WORKFLOW_BLOCK } from '../src/app/workflows/own-block-types.js';
import { ReadResult } from '../src/app/history/read-result.js';
import { Reviews } from '../src/app/reviews/reviews.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

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

  it('comes out of a run inside a run whole, itself by reference', async () => {
    const blocks = [
      { id: 'sub', type: 'workflow', needs: [], with: { workflow: 'inner' } },
      {
        id: 'title',
        type: 'map',
        when: 'sub.brief.size = 7 and sub.note.short',
        with: { text: '{{sub.brief.text}}' },
      },
    ];
    const inner = {
      kind: 'workflow',
      id: 'inner',
      blocks: [
        { id: 'brief', type: 'map', needs: [] },
        { id: 'note', type: 'map' },
      ],
    };
    const played = await aRunOnStage(database.current, [{ id: 'none', type: 'map' }], {}, [WORKFLOW_BLOCK]);
    const { stage, objects, taken, complete, show, close } = played;
    const { advance, publish, runs, start } = stage.parts;
    const children = new ChildRuns(database.current, advance, start, runs, objects);
    await publish.publish('inner', inner);
    await publish.publish('outer', { kind: 'workflow', id: 'outer', blocks });
    const { id: run } = await start.execute({ workflow: 'outer', inputs: {} });
    const asked = async (block: string) => (await taken()).find((one) => one.block === block)!;
    await children.start(await asked('sub'));
    const brief = await asked('brief');
    // As it sees them: from below upward.
    const whole = { note: { short: true }, brief: { size: 7, text: 'x'.repeat(300_000) } };
    const kept = (value: object): Promise<Ref> =>
      objects.put(Buffer.from(JSON.stringify(value)), 'application/json');

    await complete(brief, { kind: 'outputs', outputs: [{ ref: await kept(whole.brief) }] });
    await complete(await asked('note'), outputs(whole.note));
    await children.ended([brief.run]);
    await stage.parts.decide.look([run]);

    expect(await asked('title')).toMatchObject({
      unresolved: true,
      payload: { blockResults: { sub: { ref: await kept(whole) } } },
    });
    expect((await show(run)).status).toBe('running');
    await close();
  });

  it('of a run inside a run that is lost fails the task above', async () => {
    const played = await aRunOnStage(database.current, [{ id: 'brief', type: 'map' }], {}, [WORKFLOW_BLOCK]);
    const { stage, objects, taken, complete, show, close } = played;
    const { advance, publish, runs, start } = stage.parts;
    const children = new ChildRuns(database.current, advance, start, runs, objects);
    const sub = { id: 'sub', type: 'workflow', needs: [], with: { workflow: 'staged' } };
    await publish.publish('above', { kind: 'workflow', id: 'above', blocks: [sub] });
    await taken();
    const { id: run } = await start.execute({ workflow: 'above', inputs: {} });
    await children.start((await taken())[0]!);
    const [brief] = await taken();
    const lost = { object: `sha256/ab/ab${'0'.repeat(62)}`, mediaType: 'application/json', sizeBytes: 9 };

    await complete(brief!, { kind: 'outputs', outputs: [{ ref: lost }] });
    await children.ended([brief!.run]);

    expect(await show(run)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('object-missing'),
    });
    await close();
  });

  it('is joined by key, asked about, edited in a review, and taken over by a rerun like any other', async () => {
    const blocks = [
      { id: 'brief', type: 'rows' },
      { id: 'left', type: 'map', needs: ['brief'] },
      { id: 'right', type: 'map', needs: ['brief'] },
      { id: 'ok', type: 'review', needs: ['left'], with: { edits: 'left' } },
      {
        ...{ id: 'both', type: 'map', needs: ['ok', 'right'], when: 'right.size > left.size' },
        with: { left: '{{left.text}}', size: '{{right.size}}' },
      },
    ];
    const played = await aRunOnStage(database.current, blocks);
    const { stage, run, objects, taken, complete, show, close } = played;
    const reviews = new Reviews(database.current, stage.parts.advance, stage.clock);
    const long = (size: number) =>
      objects.put(Buffer.from(JSON.stringify({ size, text: 'x'.repeat(300_000) })), 'application/json');
    const refs = { a: await long(1), b: await long(9), right: await long(5) };
    const byRef = (ref: Ref): Outcome => ({ kind: 'outputs', outputs: [{ ref }] });
    await complete((await taken())[0]!, {
      kind: 'outputs',
      outputs: ['a', 'b', 'c'].map((id) => ({ id, result: {} })),
    });
    for (const one of await taken()) {
      const own = one.key === 'brief=b' ? refs.b : refs.a;
      await complete(one, byRef(one.block === 'right' ? refs.right : own));
    }
    for (const one of await taken()) {
      await reviews.open(one);
      const edits = one.key === 'brief=c' ? { edits: { size: 2, text: 'short' } } : {};
      await reviews.decide(one.task, { decision: 'approve', by: 'editor', ...edits });
    }
    while (await stage.parts.decide.look([run]));
    const asked = (await taken()).sort((one, other) => one.key.localeCompare(other.key));
    for (const one of asked) await complete(one, outputs({}));
    const { status } = await show();
    const again = await stage.parts.rerun.execute({ run, from: 'both', key: 'brief=a' });
    while (await stage.parts.decide.look([again.id]));
    const askedAgain = (await taken()).filter((one) => one.run === again.id);

    // 5 is more than 1 and than the edited 2, and not than 9.
    expect(asked).toMatchObject([
      { key: 'brief=a', unresolved: true, payload: { blockResults: { left: { ref: refs.a } } } },
      { key: 'brief=c', unresolved: true, payload: { blockResults: { left: { text: 'short' } } } },
    ]);
    expect(status).toBe('completed');
    expect(askedAgain.map(({ block, key }) => [block, key])).toEqual([['both', 'brief=a']]);
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
