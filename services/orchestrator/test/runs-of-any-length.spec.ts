import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

const blocks = [
  { id: 'brief', type: 'rows' },
  { id: 'title', type: 'map' },
];

describe('a run', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  it('fails for good when its deadline is over', async () => {
    const played = await aRunOnStage(database.current, blocks);
    const { stage, taken, complete, close } = played;
    await stage.parts.publish.publish('hurried', {
      ...{ kind: 'workflow', id: 'hurried', deadline: '10m', blocks },
    });
    const { id } = await stage.parts.start.execute({ workflow: 'hurried', inputs: {} });
    const brief = (await taken()).find((request) => request.run === id)!;

    stage.clock.advance(11 * 60_000);
    await stage.sweep();
    const stopping = await played.show(id);
    await complete(brief, outputs({}));

    expect(brief.deadlineAt).toBe('2030-01-01T00:10:00.000Z');
    expect(stopping).toMatchObject({ status: 'stopping', reason: 'The run passed its deadline' });
    expect(await played.show(id)).toMatchObject({ status: 'failed' });
    await close();
  });

  it('of a thousand blocks goes from the first to the last', async () => {
    const chains = Array.from({ length: 1000 }, (_, n) => ({
      ...{ id: `b${n}`, type: 'map' },
      needs: n < 50 ? [] : [`b${n - 50}`],
    }));
    const { stage, taken, show, close } = await aRunOnStage(database.current, chains);
    let asked = 0;
    for (let requests = await taken(); requests.length > 0; requests = await taken()) {
      await stage.parts.advance.settle(
        requests.map((one) => ({ ...one, kind: 'completed' as const, outcome: outputs({ nth: asked }) })),
      );
      asked += requests.length;
    }

    expect(asked).toBe(1000);
    const { status, blocks: counted } = await show();
    expect(status).toBe('completed');
    expect(counted.every(({ done, closed }) => done === 1 && closed)).toBe(true);
    await close();
  }, 600_000);

  it('of forty blocks goes on whichever of two orchestrators takes an answer', async () => {
    const chain = Array.from({ length: 40 }, (_, n) => ({ id: `b${n}`, type: 'map' }));
    const first = await aRunOnStage(database.current, chain);
    const second = await aRunOnStage(database.current, chain);
    const { run } = first;
    let asked = await first.taken();
    for (let step = 0; asked.length > 0; step += 1) {
      // Each knows the run as it left it two answers ago, or one.
      const { complete, taken } = step % 3 === 0 ? second : first;
      await complete(
        asked.find((request) => request.run === run)!,
        outputs({ step }),
      );
      asked = (await taken()).filter((request) => request.run === run);
    }

    const { status, blocks: counted } = await second.show(run);
    expect(status).toBe('completed');
    expect(counted).toHaveLength(40);
    expect(counted.every(({ done, requested, closed }) => done === 1 && requested === 0 && closed)).toBe(
      true,
    );
    await first.close();
    await second.close();
  });

  it('that another orchestrator has ended meanwhile takes no answer any more', async () => {
    const pair = [
      { id: 'a', type: 'map', needs: [] },
      { id: 'b', type: 'map', needs: [] },
    ];
    const first = await aRunOnStage(database.current, pair);
    const second = await aRunOnStage(database.current, pair);
    const { run } = first;
    const asked = (await first.taken()).filter((request) => request.run === run);
    const [a, b] = ['a', 'b'].map((name) => asked.find(({ block }) => block === name)!);
    await first.complete(a!, outputs({ n: 1 }));
    await second.stage.parts.cancel.execute(run);
    second.stage.clock.advance(60_000);
    await second.stage.sweep();

    await first.complete(b!, outputs({ n: 2 }));

    const { status, blocks: counted } = await second.show(run);
    expect(status).toBe('cancelled');
    expect(counted.map(({ done, payloads }) => ({ done, payloads }))).toEqual([
      { done: 1, payloads: 1 },
      { done: 0, payloads: 0 },
    ]);
    const { rows } = await database.current.query<{ status: string; attempts: number }>({
      text: `select t.status, (select count(*)::int from all_attempts where task = t.id) as attempts
        from tasks t where t.id = $1`,
      values: [b!.task],
    });
    expect(rows).toEqual([{ status: 'ready', attempts: 1 }]);
    await first.close();
    await second.close();
  });

  it('of 2,500 rows joins them all', async () => {
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, [
      { id: 'fan', type: 'rows' },
      // Its tasks wait for their expression, which nobody evaluates here.
      { id: 'work', type: 'quote', when: 'false' },
      { id: 'all', type: 'collect', needs: ['fan'] },
    ]);
    const [fan] = (await taken()).filter((request) => request.run === run);
    await complete(fan!, outputs(...Array.from({ length: 2500 }, (_, i) => ({ i }))));
    while (await stage.parts.expand.look(run));
    const [all] = (await taken()).filter(({ block }) => block === 'all');

    const { blocks: counted } = await show();
    expect(all?.payloads?.count).toBe(2500);
    expect(counted.map(({ payloads }) => payloads)).toEqual([2500, 0, 0]);
    await close();
  });
});
