import type { BlockRequested } from '@duofactory/contracts';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { Reviews } from '../src/app/reviews/reviews.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { brokenInvariants } from '../src/scenarios/broken-invariants.js';
import { expiredReviews } from '../src/store/reviews.js';
import { aRunOnStage, outputs } from './on-stage.js';

const MINUTE_MS = 60_000;

describe('a review in many hands', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  /** One that waits for a decision. */
  const aReview = async (configuration: object = {}, beside: object[] = []) => {
    const blocks = [{ id: 'ok', type: 'review', needs: [], with: configuration }, ...beside];
    const played = await aRunOnStage(database.current, blocks);
    const { clock, parts } = played.stage;
    const reviews = new Reviews(database.current, parts.advance, clock);
    const [asked, ...requests] = await played.taken();
    await reviews.open(asked!);
    const { task } = asked!;
    const isListed = async (): Promise<boolean> =>
      (await reviews.list(undefined, 500)).some((one) => one.task === task);
    return { ...played, requests, reviews, clock, task, isListed };
  };

  it('is decided by the one who has claimed it, until the claim ends or is given up', async () => {
    const { reviews, clock, task, close } = await aReview();

    await reviews.claim(task, 'editor');

    await expect(reviews.claim(task, 'publisher')).rejects.toMatchObject({ code: 'claimed' });
    await expect(reviews.decide(task, { decision: 'approve', by: 'publisher' })).rejects.toMatchObject({
      code: 'claimed',
    });
    clock.advance(14 * MINUTE_MS);
    await reviews.claim(task, 'editor');
    clock.advance(14 * MINUTE_MS);
    await expect(reviews.claim(task, 'publisher')).rejects.toMatchObject({ code: 'claimed' });
    clock.advance(MINUTE_MS);
    await reviews.claim(task, 'publisher');
    await reviews.release(task, 'editor');
    await expect(reviews.claim(task, 'editor')).rejects.toMatchObject({ code: 'claimed' });
    await reviews.release(task, 'publisher');
    await reviews.claim(task, 'editor');
    await reviews.decide(task, { decision: 'approve', by: 'editor' });
    expect(await reviews.show(task)).toMatchObject({ status: 'approved', decision: { by: 'editor' } });
    await expect(reviews.claim(task, 'editor')).rejects.toMatchObject({ code: 'already-decided' });
    await close();
  });

  it('is decided in a process that last knew the run before another one advanced it', async () => {
    const beside = [{ id: 'title', type: 'map', needs: [] }];
    const { stage, requests, complete, reviews, task, show, close } = await aReview({}, beside);
    stage.restart();
    await complete(requests[0]!, outputs({}));

    await reviews.decide(task, { decision: 'approve', by: 'editor' });

    expect(await show()).toMatchObject({ status: 'completed' });
    await close();
  });

  it('is free again soon after whoever said to look so long looks no more', async () => {
    const { reviews, clock, task, close } = await aReview();

    await reviews.claim(task, 'editor', 120);
    clock.advance(MINUTE_MS);
    await reviews.claim(task, 'editor', 120);
    clock.advance(2 * MINUTE_MS - 1);
    await expect(reviews.claim(task, 'publisher', 120)).rejects.toMatchObject({ code: 'claimed' });
    clock.advance(1);

    await reviews.claim(task, 'publisher', 120);
    await close();
  });

  it('holds a decision only after the time in which it may be taken back', async () => {
    const { reviews, clock, task, show, isListed, close } = await aReview();

    await reviews.decide(task, { decision: 'reject', by: 'editor', undoableMs: 10_000 });
    const wasListed = await isListed();
    clock.advance(9_999);
    await reviews.settle();
    const before = await reviews.show(task);
    clock.advance(1);
    await reviews.settle();

    expect(wasListed).toBe(false);
    expect(before).toMatchObject({ status: 'open', decision: { decision: 'rejected' } });
    expect(await reviews.show(task)).toMatchObject({ status: 'rejected', undoableUntil: null });
    expect((await show()).status).not.toBe('running');
    await expect(reviews.undo(task, 'editor')).rejects.toMatchObject({ code: 'already-decided' });
    await close();
  });

  it('is decided together with another, or neither is', async () => {
    const blocks = [
      { id: 'row', type: 'rows', needs: [] },
      { id: 'ok', type: 'review' },
    ];
    const { stage, taken, complete, close } = await aRunOnStage(database.current, blocks);
    const reviews = new Reviews(database.current, stage.parts.advance, stage.clock);
    const [row] = await taken();
    await complete(row!, outputs({}, {}));
    const asked = await taken();
    for (const request of asked) await reviews.open(request);
    const [first, second] = asked.map(({ task }) => task) as [string, string];
    const statusOf = async (task: string) => (await reviews.show(task)).decision;
    const verdict = [
      { task: first, decision: 'approve' as const },
      { task: second, decision: 'reject' as const, comment: 'The other is better' },
    ];

    await reviews.claim(second, 'ben');
    await expect(reviews.decideTogether(verdict, 'ana', 10_000)).rejects.toMatchObject({ code: 'claimed' });
    const before = [await statusOf(first), await statusOf(second)];
    await reviews.release(second, 'ben');
    await reviews.decideTogether(verdict, 'ana', 10_000);

    expect(before).toEqual([null, null]);
    expect([await statusOf(first), await statusOf(second)]).toMatchObject([
      { decision: 'approved', by: 'ana' },
      { decision: 'rejected', comment: 'The other is better' },
    ]);
    await close();
  });

  it('waits in a queue that is read page by page, and says how long it is', async () => {
    const blocks = [
      { id: 'row', type: 'rows', needs: [] },
      { id: 'ok', type: 'review', with: { title: 'Look at it', assignees: ['queue'] } },
    ];
    const { stage, run, taken, complete, close } = await aRunOnStage(database.current, blocks);
    const reviews = new Reviews(database.current, stage.parts.advance, stage.clock);
    const [row] = await taken();
    await complete(row!, outputs({}, {}, {}));
    const asked = await taken();
    for (const request of asked) await reviews.open(request);

    const first = await reviews.queue({ assignee: 'queue', limit: 2 });
    const rest = await reviews.queue({ assignee: 'queue', limit: 2, cursor: first.next! });
    const ours = [...first.reviews, ...rest.reviews].filter((one) => one.run === run);
    await reviews.decide(asked[0]!.task, { decision: 'approve', by: 'queue' });
    const { total } = await reviews.queue({ assignee: 'queue', limit: 1 });

    expect(rest.next).toBeUndefined();
    expect(new Set(ours.map(({ task }) => task))).toEqual(new Set(asked.map(({ task }) => task)));
    expect(ours[0]).toMatchObject({ workflow: 'staged', block: 'ok', title: 'Look at it', claimedBy: null });
    expect(ours[0]).not.toHaveProperty('payload');
    expect(total).toBe(first.total - 1);
    await close();
  });

  it('is for those to whom it is assigned, who find it apart from what everybody may decide', async () => {
    const { reviews, task, close } = await aReview();
    const others = await aReview();
    const queued = async (of: { assignee: string; assigned?: boolean }): Promise<string[]> =>
      (await reviews.queue({ ...of, limit: 500 })).reviews.map((one) => one.task);
    await reviews.claim(task, 'guest');

    await reviews.assign(task, ['mia', 'noa']);

    await expect(reviews.claim(task, 'guest')).rejects.toMatchObject({ code: 'not-assigned' });
    await expect(reviews.decide(task, { decision: 'approve', by: 'guest' })).rejects.toMatchObject({
      code: 'not-assigned',
    });
    expect(await queued({ assignee: 'mia', assigned: true })).toEqual([task]);
    expect(await queued({ assignee: 'mia' })).toEqual(expect.arrayContaining([task, others.task]));
    expect(await queued({ assignee: 'guest' })).not.toContain(task);
    expect((await reviews.queue({ assignee: 'mia', assigned: true, limit: 1 })).total).toBe(1);
    await reviews.claim(task, 'mia');
    await reviews.decide(task, { decision: 'approve', by: 'mia' });
    await expect(reviews.assign(task, [])).rejects.toMatchObject({ code: 'already-decided' });
    await Promise.all([close(), others.close()]);
  });

  it('waits again when its decision is taken back, by none but the one who decided', async () => {
    const { reviews, clock, task, isListed, close } = await aReview({ expires: '1h' });
    await reviews.decide(task, { decision: 'reject', by: 'editor', undoableMs: 10_000 });

    await expect(reviews.undo(task, 'publisher')).rejects.toMatchObject({ code: 'not-yours' });
    await reviews.undo(task, 'editor');
    // Nothing is left to be taken back: that changes nothing.
    await reviews.undo(task, 'editor');
    clock.advance(MINUTE_MS);
    await reviews.settle();

    expect(await reviews.show(task)).toMatchObject({ status: 'open', decision: null });
    expect(await isListed()).toBe(true);
    await reviews.decide(task, { decision: 'approve', by: 'publisher' });
    expect(await reviews.show(task)).toMatchObject({ status: 'approved' });
    await close();
  });

  it('is decided though its time is over while the decision may be taken back', async () => {
    const { reviews, clock, task, close } = await aReview({ expires: '1h' });
    clock.advance(60 * MINUTE_MS - 1);
    await reviews.decide(task, { decision: 'approve', by: 'editor', undoableMs: 10_000 });

    clock.advance(10_000);
    await reviews.expire();
    await reviews.settle();

    expect(await reviews.show(task)).toMatchObject({ status: 'approved' });
    await close();
  });

  it('is over, listed no more and in nobody’s way, once the deadline of its task has come first', async () => {
    const blocks = [
      { id: 'brief', type: 'rows' },
      { id: 'ok', type: 'review', deadline: '1h', onError: 'drop', with: { expires: '2h' } },
      { id: 'title', type: 'map', needs: ['brief'] },
    ];
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    const { advance } = stage.parts;
    const reviews = new Reviews(database.current, advance, stage.clock);
    await complete((await taken())[0]!, outputs({}));
    const asked = (await taken()).find(({ block }) => block === 'ok')!;
    await reviews.open(asked);
    const listed = async (): Promise<boolean> =>
      (await reviews.list(undefined, 500)).some((one) => one.task === asked.task);
    const before = await listed();

    stage.clock.advance(61 * MINUTE_MS);
    await stage.sweep();
    const after = await listed();
    const late = reviews.decide(asked.task, { decision: 'approve', by: 'editor', undoableMs: 10_000 });

    await expect(late).rejects.toMatchObject({ code: 'not-waiting' });
    stage.clock.advance(61 * MINUTE_MS);
    expect(await expiredReviews(database.current, stage.clock.now())).toEqual([]);
    expect([before, after]).toEqual([true, false]);
    const { tasks } = await stage.parts.runs.tasks(run, { block: 'ok', limit: 1 });
    expect([(await show()).status, tasks[0]!.status]).toEqual(['running', 'dropped']);
    await close();
  });

  it('ends its payload or lets it go on, or expires, payload by payload, also while the run is paused', async () => {
    const blocks = [
      { id: 'brief', type: 'rows' },
      { id: 'ok', type: 'review', onError: 'drop', minSuccess: '60%', with: { expires: '1h' } },
      { id: 'title', type: 'map' },
      { id: 'all', type: 'collect' },
    ];
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    const { advance, pause } = stage.parts;
    const reviews = new Reviews(database.current, advance, stage.clock);
    await complete((await taken())[0]!, outputs({}, {}, {}));
    const asked = await taken();
    for (const one of asked) await reviews.open(one);

    await reviews.decide(asked[0]!.task, { decision: 'approve', by: 'editor' });
    await complete((await taken())[0]!, outputs({}));
    await reviews.decide(asked[1]!.task, { decision: 'reject', by: 'editor' });
    await pause.pause(run);
    stage.clock.advance(61 * MINUTE_MS);
    await reviews.expire();
    const whilePaused = await taken();
    const { status } = await show();
    await pause.resume(run);
    const [all] = await taken();
    await complete(all!, outputs({}));

    // Two of three tasks succeeded: to reject is a decision, and no error.
    expect([status, whilePaused]).toEqual(['paused', []]);
    expect(all).toMatchObject({ block: 'all', payloads: { count: 1 } });
    expect((await show()).status).toBe('partial');
    await close();
  });

  it('that expires inside a quality loop is a lost candidate: the loop goes on with the others, old and new', async () => {
    const blocks = [
      { id: 'brief', type: 'rows' },
      { id: 'script', type: 'gen', times: 2 },
      { id: 'ok', type: 'review', onError: 'drop', with: { expires: '1h' } },
      {
        ...{ id: 'best', type: 'pick', per: 'brief' },
        repeat: { from: 'script', until: 'round = 3', rounds: 4 },
      },
      { id: 'title', type: 'map' },
    ];
    const { stage, run, taken, complete, show, close } = await aRunOnStage(database.current, blocks);
    const reviews = new Reviews(database.current, stage.parts.advance, stage.clock);
    const asked: string[] = [];
    /** Answers all but reviews, which are opened, until nothing else is asked for. */
    const untilReviewed = async (): Promise<BlockRequested[]> => {
      const opened: BlockRequested[] = [];
      for (;;) {
        while (await stage.parts.decide.look([run]));
        const requests = await taken();
        if (requests.length === 0) return opened;
        for (const request of requests) {
          const { block, key, sample } = request;
          if (block === 'ok') {
            await reviews.open(request);
            opened.push(request);
          } else if (block === 'best') {
            asked.push(`round ${sample}: ${request.payloads!.count}`);
            const picks = [{ key: `${key}/script=3`, result: { rank: 1 } }];
            await complete(request, { kind: 'picks', picks });
          } else await complete(request, outputs({}));
        }
      }
    };
    const expire = async (): Promise<void> => {
      stage.clock.advance(61 * MINUTE_MS);
      await reviews.expire();
    };

    await untilReviewed();
    await expire();
    const [third, fourth, ...others] = await untilReviewed();
    const samples = [third, fourth].map((one) => one!.key);
    await reviews.decide(third!.task, { decision: 'approve', by: 'editor' });
    await expire();
    const inThirdRound = await untilReviewed();
    await expire();
    await untilReviewed();
    const { status } = await show();
    const { payloads } = await stage.parts.runs.results(run, { limit: 10 });
    const { plan } = await stage.parts.plans.of(database.current, 'staged', (await show()).version);

    expect([samples, others]).toEqual([['brief=1/script=3', 'brief=1/script=4'], []]);
    expect(inThirdRound.map(({ key }) => key)).toEqual(['brief=1/script=5', 'brief=1/script=6']);
    // Nobody is asked in the first round; in the third again about what is left of the second.
    expect(asked).toEqual(['round 2: 1', 'round 3: 1']);
    expect([status, payloads.map(({ key }) => key)]).toEqual(['partial', ['brief=1/script=3']]);
    expect(await brokenInvariants(database.current, plan, run)).toEqual([]);
    await close();
  });
});
