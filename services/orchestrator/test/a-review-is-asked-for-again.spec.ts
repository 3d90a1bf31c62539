import type { BlockRequested } from '@duofactory/contracts';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { AskReviewAgain } from '../src/app/reviews/ask-review-again.js';
import { Plans } from '../src/app/advance/plans.js';
import { Reviews } from '../src/app/reviews/reviews.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

/** unit (2 rows) -> early review -> script (2 rows each) -> check: a review -> publish */
const blocks = [
  { id: 'unit', type: 'rows', needs: [] },
  { id: 'early', type: 'review' },
  { id: 'script', type: 'rows' },
  { id: 'check', type: 'review', with: { edits: 'script' } },
  { id: 'publish', type: 'map', with: { text: '{{script.text}}' } },
];

describe('a review that is asked for again', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  /** A run that has ended: people have approved everything. */
  const anEndedRun = async (of: readonly object[] = blocks) => {
    const played = await aRunOnStage(database.current, [...of]);
    const { parts, clock } = played.stage;
    const reviews = new Reviews(database.current, parts.advance, clock);
    const requests: BlockRequested[] = [];
    /** Answers all that is asked for; reviews are decided by this. */
    const play = async (edits?: Record<string, unknown>): Promise<string[]> => {
      const asked: string[] = [];
      for (;;) {
        while (await parts.decide.look());
        const taken = await played.taken();
        if (taken.length === 0) return asked.sort();
        requests.push(...taken);
        for (const request of taken) {
          asked.push(`${request.block} ${request.key}`);
          if (request.type === 'review') {
            await reviews.open(request);
            const of = edits && request.block === 'check' ? { edits } : {};
            await reviews.decide(request.task, { decision: 'approve', by: 'ana', ...of });
          } else
            await played.complete(
              request,
              request.type === 'rows' ? outputs({ text: 'a' }, { text: 'b' }) : outputs({}),
            );
        }
      }
    };
    await play();
    const again = new AskReviewAgain(database.current, new Plans(), parts.rerun);
    const taskOf = (block: string, key: string): string =>
      requests.find((one) => one.block === block && one.key === key)!.task;
    return { ...played, play, again, taskOf, requests };
  };

  it('asks about that payload alone, and goes on by what was decided', async () => {
    const { again, taskOf, play, show, requests, close } = await anEndedRun();
    const task = taskOf('publish', 'unit=2/script=1');

    const { id } = await again.execute({ task, by: 'ben' });
    const asked = await play({ text: 'edited' });

    expect(asked).toEqual(['check unit=2/script=1', 'publish unit=2/script=1']);
    expect(requests.at(-1)!.with).toEqual({ text: 'edited' });
    expect((await show(id)).status).toBe('completed');
    await close();
  });

  it('is the nearest one above, by the part of the key that it knows', async () => {
    const { again, taskOf, play, close } = await anEndedRun(blocks.filter(({ id }) => id !== 'check'));

    await again.execute({ task: taskOf('publish', 'unit=2/script=1'), by: 'ben' });

    expect(await play()).toEqual(['early unit=2']);
    await close();
  });

  it('is one run, however often it is sent', async () => {
    const { again, taskOf, close } = await anEndedRun();
    const task = taskOf('publish', 'unit=1/script=2');

    const first = await again.execute({ task, by: 'ben', idempotencyKey: 'a press' });
    const second = await again.execute({ task, by: 'ben', idempotencyKey: 'a press' });

    expect([first.created, second]).toEqual([true, { id: first.id, created: false }]);
    await expect(
      again.execute({ task: taskOf('publish', 'unit=1/script=1'), by: 'ben', idempotencyKey: 'a press' }),
    ).rejects.toMatchObject({ code: 'idempotency-key-reused' });
    await close();
  });

  it('is refused where no review stands above, naming what to do', async () => {
    const { again, taskOf, close } = await anEndedRun(blocks.filter(({ type }) => type !== 'review'));

    await expect(
      again.execute({ task: taskOf('publish', 'unit=1/script=1'), by: 'ben' }),
    ).rejects.toMatchObject({
      code: 'no-review-above',
      message: expect.stringContaining('above "publish": put one there'),
    });
    await expect(
      again.execute({ task: '0d6c1c3e-2d0f-4a57-9d5e-3f1f6a7b8c9d', by: 'ben' }),
    ).rejects.toMatchObject({ code: 'unknown-task' });
    await close();
  });
});
