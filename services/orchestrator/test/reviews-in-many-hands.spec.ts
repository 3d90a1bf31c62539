import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { Reviews } from '../src/app/reviews.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage } from './on-stage.js';

const MINUTE_MS = 60_000;

describe('a review in many hands', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  /** One that waits for a decision. */
  const aReview = async (configuration: object = {}) => {
    const blocks = [{ id: 'ok', type: 'review', needs: [], with: configuration }];
    const played = await aRunOnStage(database.current, blocks);
    const { clock, parts } = played.stage;
    const reviews = new Reviews(database.current, parts.advance, clock);
    const [asked] = await played.taken();
    await reviews.open(asked!);
    const { task } = asked!;
    const isListed = async (): Promise<boolean> =>
      (await reviews.list(undefined, 500)).some((one) => one.task === task);
    return { ...played, reviews, clock, task, isListed };
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
});
