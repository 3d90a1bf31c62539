import type { BlockRequested } from '@duofactory/contracts';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

/** brief (2 rows) -> title (tried twice) -> export (takes all) */
const blocks = [
  { id: 'brief', type: 'rows' },
  { id: 'title', type: 'map', onError: 'drop', retry: { attempts: 2, base: '10s' } },
  { id: 'export', type: 'collect' },
];

describe('the history of a run', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  const aRun = async (of: object[] = blocks) => {
    const played = await aRunOnStage(database.current, of);
    const { stage, run } = played;
    const answer = (
      { task, attempt }: BlockRequested,
      what:
        | { kind: 'completed'; outcome: ReturnType<typeof outputs> }
        | { kind: 'failed'; error: { code: string; message: string; retryable: boolean } },
    ) =>
      stage.parts.advance.settle([
        { run, task, attempt, worker: 'test@host/1', begunAt: stage.clock.now(), ...what },
      ]);
    const fail = (request: BlockRequested, retryable = true) =>
      answer(request, { kind: 'failed', error: { code: 'busy', message: 'Try later', retryable } });
    const complete = (request: BlockRequested, ...results: Record<string, unknown>[]) =>
      answer(request, { kind: 'completed', outcome: outputs(...results) });
    const history = async (filter: { block?: string; key?: string; task?: string } = {}, limit = 200) => {
      const told = [];
      let cursor: string | undefined;
      do {
        const { block, key, task } = filter;
        const page = await stage.parts.history.execute(run, { block, key, task, cursor, limit });
        told.push(...page.transitions);
        cursor = page.next;
      } while (cursor !== undefined);
      return told;
    };
    const said = async (filter?: { block?: string; key?: string; task?: string }, limit?: number) =>
      (await history(filter, limit)).map(({ what, block, key, attempt }) =>
        [what, block, key, attempt].filter((one) => one !== null && one !== '').join(' '),
      );
    return { ...played, fail, complete, history, said };
  };

  it('tells each transition once, in the order in which it came about, whatever the pages', async () => {
    const { stage, taken, complete, fail, said, history, close } = await aRun();
    await complete((await taken())[0]!, {}, {});
    const [first, second] = await taken();
    await fail(first!);
    await fail(second!, false);
    stage.clock.advance(10_000);
    await stage.sweep();
    const [again] = await taken();
    const whileOut = await history({ block: 'title', key: 'brief=1' });
    await fail(first!);
    await complete(again!, {});
    await complete((await taken())[0]!, {});

    // When the attempt that is out would be lost says nothing about the back-off before it.
    expect(whileOut).toContainEqual(
      expect.objectContaining({
        what: 'backed-off',
        cause: { until: expect.stringMatching(/^2030-01-01T00:00:/) },
      }),
    );

    const whole = await said();
    expect(whole).toEqual([
      ...['started', 'made brief', 'requested brief 1', 'begun brief 1', 'succeeded brief 1'],
      ...['made title brief=1', 'requested title brief=1 1', 'begun title brief=1 1'],
      ...['failed title brief=1 1', 'backed-off title brief=1 1'],
      ...['made title brief=2', 'requested title brief=2 1', 'begun title brief=2 1'],
      ...['failed title brief=2 1', 'dropped title brief=2'],
      'ignored title brief=1 1',
      ...['requested title brief=1 2', 'begun title brief=1 2', 'succeeded title brief=1 2'],
      ...['group-fired export', 'made export', 'requested export 1', 'begun export 1', 'succeeded export 1'],
      'ended',
    ]);
    expect(await said({}, 3)).toEqual(whole);
    expect(await history({ block: 'title', key: 'brief=1' })).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          what: 'failed',
          attempt: 1,
          worker: 'test@host/1',
          cause: expect.objectContaining({ code: 'busy', message: 'Try later' }),
        }),
        expect.objectContaining({
          what: 'backed-off',
          cause: { until: expect.stringMatching(/^2030-01-01T00:00:/) },
        }),
      ]),
    );
    await close();
  });

  it('tells what was done to the run: paused, resumed, cancelled, ended, retried', async () => {
    const { stage, run, taken, complete, said, history, close } = await aRun();
    const { pause, cancel, retry } = stage.parts;
    const turn = () => stage.clock.advance(1000);
    const [brief] = await taken();
    for (const command of [() => pause.pause(run), () => pause.pause(run), () => pause.resume(run)]) {
      turn();
      await command();
    }
    turn();
    await cancel.execute(run);
    turn();
    await complete(brief!, {});
    turn();
    await retry.execute(run);
    turn();
    for (const request of await taken()) await complete(request, {});
    for (const request of await taken()) await complete(request, {});

    const ofRun = (await said()).filter((one) => !one.includes(' '));
    expect(ofRun).toEqual(['started', 'paused', 'resumed', 'cancelled', 'ended', 'retried', 'ended']);
    const ends = (await history()).filter(({ what }) => what === 'ended').map(({ cause }) => cause);
    expect(ends).toEqual([{ status: 'cancelled', reason: 'Cancelled: asked for' }, { status: 'completed' }]);
    await close();
  });

  it('tells of attempts that were lost, begun by whom, and of deadlines', async () => {
    const slow = [
      { id: 'brief', type: 'rows', timeout: '1s' },
      { id: 'title', type: 'map', deadline: '10m', onError: 'drop' },
    ];
    const { stage, run, taken, complete, history, close } = await aRun(slow);
    const [brief] = await taken();
    const begunAt = stage.clock.now();
    const sign = { run, task: brief!.task, attempt: 1, begunAt, worker: 'gone@host/9' };
    await stage.parts.advance.step((step) => step.alive([sign]));
    const working = await history();
    stage.clock.advance(16 * 60_000);
    await stage.sweep();
    await complete((await taken())[0]!, {});
    await taken();
    stage.clock.advance(11 * 60_000);
    await stage.sweep();

    expect(working).toContainEqual(
      expect.objectContaining({ what: 'begun', attempt: 1, worker: 'gone@host/9', at: begunAt }),
    );
    expect(await history()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ what: 'lost', block: 'brief', attempt: 1, worker: 'gone@host/9' }),
        expect.objectContaining({ what: 'requested', block: 'brief', attempt: 2 }),
        expect.objectContaining({
          what: 'expired',
          block: 'title',
          cause: expect.objectContaining({ code: 'deadline-exceeded', status: 'dropped' }),
        }),
      ]),
    );
    await close();
  });

  it('tells of a rerun what it took over, and from where', async () => {
    const { stage, run, taken, complete, close } = await aRun([{ id: 'brief', type: 'rows' }]);
    await complete((await taken())[0]!, {});

    const { id } = await stage.parts.rerun.execute({ run });
    const of = { block: undefined, key: undefined, task: undefined, cursor: undefined, limit: 200 };
    const { transitions } = await stage.parts.history.execute(id, of);

    expect(transitions.map(({ what }) => what)).toEqual(['started', 'made', 'reused', 'ended']);
    expect(transitions[0]!.cause).toMatchObject({ rerunOf: run });
    expect(transitions[2]!.cause).toEqual({ task: expect.any(String), inputHash: expect.any(String) });
    await close();
  });

  it.each(['fail', 'drop', 'keep'])(
    'tells of a condition that throws which payload it was, and what it read: %s',
    async (onError) => {
      const { stage, taken, complete, history, close } = await aRun([
        { id: 'brief', type: 'rows' },
        { id: 'title', type: 'map', when: 'brief.level > 2 and $lookup(brief, "on")', onError },
      ]);
      await complete((await taken())[0]!, { level: 3, on: true }, { level: 'high', notes: 'x'.repeat(1000) });

      await stage.parts.decide.look();

      const causes = (await history({ block: 'title' })).flatMap(({ key, cause }) =>
        cause?.['code'] === 'expression-failed' ? [{ key, cause }] : [],
      );
      expect(causes).toEqual([
        {
          key: 'brief=2',
          cause: expect.objectContaining({
            field: 'when',
            message: expect.stringContaining('must be of the same data type'),
            saw: { brief: `{"level":"high","notes":"${'x'.repeat(275)}…` },
          }),
        },
      ]);
      await close();
    },
  );
});
