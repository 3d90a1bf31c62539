import type { BlockRequested } from '@duofactory/contracts';
import type { Outcome } from '@duofactory/engine';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { Reviews } from '../src/app/reviews/reviews.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

type Answer = (request: BlockRequested) => Outcome | undefined;

/**
 * brief (2 rows) -> script x2 -> best (picks 1 per brief) -> check (a person) -> export
 *       `-> image (only of the first) -> pair (joins best and image)
 */
const blocks = [
  { id: 'brief', type: 'rows' },
  { id: 'script', type: 'gen', times: 2, with: { about: '{{brief.name}}' }, onError: 'drop' },
  { id: 'best', type: 'pick', per: 'brief', with: { top: 1 } },
  { id: 'check', type: 'review' },
  { id: 'image', type: 'map', needs: ['brief'], onError: 'drop' },
  { id: 'pair', type: 'map', needs: ['best', 'image'] },
  { id: 'loud', type: 'map', needs: ['pair'], when: "brief.name = 'nobody'" },
];

describe('the lineage of a payload', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  const answers: Answer = ({ block, key, sample }) => {
    if (block === 'brief') return outputs({ name: 'a' }, { name: 'b' });
    if (block === 'script' && key === 'brief=2' && sample === 1) return FAILED;
    if (block === 'image' && key === 'brief=2') return FAILED;
    if (block === 'best') {
      const picked = key === 'brief=1' ? `${key}/script=1` : `${key}/script=2`;
      return { kind: 'picks', picks: [{ key: picked, result: { rank: 1 } }] };
    }
    return block === 'check' ? undefined : outputs({ text: `${block} of ${key}` });
  };
  const NOT_PICKED = [
    { key: 'brief=1/script=2', why: { reason: 'top', top: 1, rank: 2, value: 0.5 } },
    { key: 'brief=1/script=3', why: { reason: 'where' } },
  ];
  const FAILED: Outcome = { kind: 'error', error: { code: 'too-long', message: 'It is too long' } };

  const aPlayedRun = async () => {
    const played = await aRunOnStage(database.current, blocks);
    const { stage, run } = played;
    const reviews = new Reviews(database.current, stage.parts.advance, stage.clock);
    const held: BlockRequested[] = [];
    for (;;) {
      while (await stage.parts.decide.look([run]));
      const requests = await played.taken();
      if (requests.length === 0) break;
      for (const request of requests) {
        const { task, attempt, key } = request;
        const outcome = answers(request);
        const usage = [{ provider: 'offline', model: 'm', cost: { amount: 0.25, currency: 'USD' } }];
        const of = { run, task, attempt, worker: 'test@host/1', usage: usage as never };
        if (!outcome) {
          held.push(request);
          await reviews.open(request);
        } else if (outcome.kind === 'error')
          await stage.parts.advance.settle([
            { ...of, kind: 'failed', error: { ...outcome.error, retryable: false } },
          ]);
        else {
          const left = outcome.kind === 'picks' && key === 'brief=1' ? { notPicked: NOT_PICKED } : {};
          await stage.parts.advance.settle([{ ...of, kind: 'completed', outcome, ...left }]);
        }
      }
    }
    const lineage = (block: string, key: string) => stage.parts.lineage.execute(run, { block, key });
    const became = async (block: string, key: string) =>
      (await lineage(block, key)).became.map(({ block: at, what, why }) => [at, what, why]);
    return { ...played, reviews, held, lineage, became };
  };

  it('tells the way: of each block its task, attempts, input, result and price', async () => {
    const { lineage, close } = await aPlayedRun();

    const { exists, way, samples } = await lineage('pair', 'brief=1/script=1');

    expect(exists).toBe(true);
    expect(samples).toEqual([
      { block: 'pair', key: 'brief=1/script=1', sample: 1, status: 'done' },
      { block: 'pair', key: 'brief=1/script=2', sample: 2, status: 'done' },
    ]);
    expect(way.map(({ block, key, state }) => `${block} ${key} ${state}`)).toEqual([
      'brief brief=1 ok',
      'script brief=1/script=1 ok',
      'best brief=1/script=1 ok',
      'image brief=1 ok',
      'pair brief=1/script=1 ok',
    ]);
    expect(way[1]).toMatchObject({
      value: { text: 'script of brief=1' },
      task: {
        key: 'brief=1',
        sample: 1,
        status: 'done',
        reusedFrom: null,
        input: { with: { about: 'a' }, payloads: null },
        attempts: [{ attempt: 1, outcome: 'completed', settled: true, worker: 'test@host/1' }],
        paid: { amount: 0.25, unpriced: 0 },
      },
    });
    expect(way[2]!.task).toMatchObject({ key: 'brief=1', input: { with: { top: 1 }, payloads: 2 } });
    await close();
  });

  it('tells what a task was given, as its service got it', async () => {
    const { lineage, stage, run, close } = await aPlayedRun();
    const { way } = await lineage('pair', 'brief=1/script=1');
    const { task } = way.find(({ block }) => block === 'script')!;

    const input = await stage.parts.taskInput.execute(task!.id);

    expect(input).toMatchObject({
      ...{ task: task!.id, run, block: 'script', type: 'gen', sample: 1 },
      with: { about: 'a' },
      payload: { key: 'brief=1', blockResults: { brief: { name: 'a' } } },
      ...{ inputs: {}, variables: {} },
    });
    const page = await stage.parts.runs.tasks(run, { block: 'script', limit: 1 });
    expect(page.tasks[0]).toMatchObject({ key: 'brief=1', sample: 1, makes: 'brief=1/script=1' });
    const nobody = '00000000-0000-4000-8000-000000000000';
    await expect(stage.parts.taskInput.execute(nobody)).rejects.toMatchObject({ code: 'unknown-task' });
    await close();
  });

  it('tells why a payload came no further', async () => {
    const { lineage, became, held, reviews, close } = await aPlayedRun();
    const [first, second] = [...held].sort((a, b) => (a.key < b.key ? -1 : 1));
    await reviews.decide(first!.task, { decision: 'reject', by: 'ana', comment: 'dull' });

    expect(await became('script', 'brief=1/script=1')).toEqual([['best', 'picked', { result: { rank: 1 } }]]);
    expect(await became('script', 'brief=1/script=2')).toEqual([
      [
        ...['best', 'not-picked'],
        { with: { top: 1 }, group: 'brief=1', of: 2, reason: 'top', top: 1, rank: 2, value: 0.5 },
      ],
    ]);
    expect(await became('best', 'brief=1/script=1')).toEqual([
      ['check', 'rejected', expect.objectContaining({ by: 'ana', comment: 'dull' })],
      ['pair', 'went-on', {}],
    ]);
    expect(second!.key).toBe('brief=2/script=2');
    expect(await became('best', 'brief=2/script=2')).toEqual([
      ['check', 'open', { status: 'requested', attempt: 1 }],
      ['pair', 'unmatched', { group: 'brief=2', needs: ['image'], absent: ['image'] }],
    ]);
    expect(await became('pair', 'brief=1/script=1')).toEqual([
      ['loud', 'passed-by', { when: "brief.name = 'nobody'" }],
    ]);
    const never = await lineage('best', 'brief=2/script=1');
    expect(never.exists).toBe(false);
    expect(never.samples[0]).toEqual({
      ...{ block: 'script', key: 'brief=2/script=1', sample: 1, status: 'dropped' },
    });
    expect(never.became).toEqual([
      expect.objectContaining({
        block: 'script',
        what: 'dropped',
        why: { code: 'too-long', message: 'It is too long' },
        tasks: [expect.objectContaining({ sample: 1, status: 'dropped' })],
      }),
    ]);
    expect(await became('image', 'brief=2')).toEqual([
      ['image', 'dropped', { code: 'too-long', message: 'It is too long' }],
    ]);
    await close();
  });

  it('says of what a quality loop gave up that its rounds are over', async () => {
    const loop = [
      { id: 'brief', type: 'rows' },
      { id: 'script', type: 'gen', times: 1 },
      { id: 'best', type: 'pick', per: 'brief', repeat: { from: 'script', until: 'round = 9', rounds: 2 } },
      { id: 'title', type: 'map' },
    ];
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, loop);
    for (;;) {
      while (await stage.parts.decide.look([run]));
      const requests = await taken();
      if (requests.length === 0) break;
      for (const request of requests) {
        const { block, key, sample } = request;
        if (block === 'brief') await complete(request, outputs({ name: 'a' }));
        else if (block === 'script') await complete(request, outputs({ text: 'never good' }));
        else
          await complete(request, {
            kind: 'picks',
            picks: [{ key: `${key}/script=${sample}`, result: { rank: 1 } }],
          });
      }
    }
    expect((await show()).status).toBe('partial');
    const gaveUp = {
      ...{ block: 'best', what: 'rounds-exhausted' },
      why: { rounds: 2, until: 'round = 9', otherwise: 'drop', round: 2 },
    };

    for (const key of ['brief=1/script=1', 'brief=1/script=2']) {
      const script = await stage.parts.lineage.execute(run, { block: 'script', key });
      expect(script).toMatchObject({ exists: true, became: [gaveUp] });
    }
    const best = await stage.parts.lineage.execute(run, { block: 'best', key: 'brief=1/script=2' });
    expect(best).toMatchObject({ exists: false, became: [gaveUp] });
    const title = await stage.parts.lineage.execute(run, { block: 'title', key: 'brief=1/script=2' });
    expect(title).toMatchObject({ exists: false, became: [gaveUp] });
    await close();
  });

  it('names what is not there', async () => {
    const { stage, run, close } = await aPlayedRun();
    const { lineage } = stage.parts;

    await expect(lineage.execute(run, { block: 'nope', key: '' })).rejects.toMatchObject({
      code: 'unknown-block',
    });
    await expect(
      lineage.execute('00000000-0000-4000-8000-000000000000', { block: 'brief', key: '' }),
    ).rejects.toMatchObject({ code: 'unknown-run' });
    expect((await lineage.execute(run, { block: 'script', key: 'brief=9' })).became).toEqual([
      { block: 'brief', what: 'not-made', why: {}, tasks: [expect.objectContaining({ status: 'done' })] },
    ]);
    await close();
  });
});
