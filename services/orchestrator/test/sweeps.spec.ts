import { Expressions } from '@duofactory/expressions';
import { createLogger } from '@duofactory/platform';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Batches } from '../src/app/batches/batches.js';
import { ReadListSource } from '../src/app/batches/read-list-source.js';
import { ChildRuns } from '../src/app/advance/child-runs.js';
import { Reviews } from '../src/app/reviews/reviews.js';
import { Schedules } from '../src/app/starts/schedules.js';
import { SweepRuns } from '../src/app/advance/sweep-runs.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { beginItems, insertBatch } from '../src/store/batches.js';
import { aRunOnStage } from './on-stage.js';

const HOUR_MS = 60 * 60_000;
const log = createLogger('sweeps', { level: 'silent' });

describe('every second, by itself, the orchestrator', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  /** A run, and a look of the sweep an hour later. */
  const aRun = async (blocks: object[]) => {
    const played = await aRunOnStage(database.current, blocks);
    const { current } = database;
    const { clock, parts } = played.stage;
    const expressions = new Expressions();
    const of = {
      advance: parts.advance,
      holds: parts.holds,
      reviews: new Reviews(current, parts.advance, clock),
      schedules: new Schedules(current, parts.start, clock, log),
      batches: new Batches(current, parts.start, new ReadListSource('', expressions, 1), parts, clock),
      children: new ChildRuns(current, parts.advance, parts.start, parts.runs, played.objects),
    };
    const anHourLater = async (instead: object = {}): Promise<void> => {
      const sweeps = new SweepRuns({ ...of, ...instead }, clock, log);
      await sweeps.start();
      clock.advance(HOUR_MS);
      await sweeps.stop();
    };
    const close = async (): Promise<void> => {
      await played.close();
      await expressions.stop();
    };
    return { ...played, ...of, clock, anHourLater, close };
  };

  it('tries again what failed, when its time has come', async () => {
    const { stage, run, taken, anHourLater, close } = await aRun([{ id: 'brief', type: 'rows' }]);
    const { task, attempt } = (await taken())[0]!;
    const error = { code: 'busy', message: 'Try later', retryable: true };
    await stage.parts.advance.settle([{ run, task, attempt, kind: 'failed', error }]);

    await anHourLater();

    expect(await taken()).toMatchObject([{ task, attempt: 2 }]);
    await close();
  });

  it('expires reviews that nobody decided', async () => {
    const blocks = [{ id: 'ok', type: 'review', needs: [], with: { expires: '1h' } }];
    const { taken, reviews, show, anHourLater, close } = await aRun(blocks);
    const [asked] = await taken();
    await reviews.open(asked!);

    await anHourLater();

    expect(await reviews.show(asked!.task)).toMatchObject({ status: 'expired' });
    expect(await show()).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('review-expired'),
    });
    // Handed over again, the request opens nothing that is decided.
    await reviews.open(asked!);
    expect(await reviews.show(asked!.task)).toMatchObject({ status: 'expired' });
    await close();
  });

  it('starts what is scheduled', async () => {
    const { schedules, anHourLater, close } = await aRun([{ id: 'brief', type: 'rows' }]);
    const hourly = { cron: '0 * * * *', timeZone: 'UTC', missed: 'skip', paused: false } as const;
    await schedules.put('hourly', { workflow: 'staged', inputs: {}, ...hourly });

    await anHourLater();

    expect((await schedules.show('hourly')).lastRun).not.toBeNull();
    await schedules.delete('hourly');
    await close();
  });

  it('begins what a batch was about to begin when its process died', async () => {
    const { stage, clock, batches, anHourLater, close } = await aRun([{ id: 'brief', type: 'rows' }]);
    const id = randomUUID();
    const { version } = await stage.parts.workflows.show('staged');
    const limits = { concurrency: 1, maxCost: null, existing: 'all', source: null } as const;
    const batch = { id, name: null, workflow: 'staged', version, requestHash: '', givenBy: null, ...limits };
    await insertBatch(database.current, batch, [{}], clock.now());
    const begin = { existing: 'all', workflow: 'staged' } as const;
    await beginItems(database.current, { batch: id, limit: 1, now: clock.now(), ...begin });

    await anHourLater();

    const { items } = await batches.items(id, { limit: 10 });
    expect(items).toMatchObject([{ status: 'running', run: expect.any(String) }]);
    await batches.cancel(id);
    await close();
  });

  it('does all of this though a part of it fails', async () => {
    const failing = { sweep: () => Promise.reject(new Error('broken')) };
    const { taken, reviews, anHourLater, close } = await aRun([
      { id: 'ok', type: 'review', needs: [], with: { expires: '1h' } },
    ]);
    const [asked] = await taken();
    await reviews.open(asked!);

    await anHourLater({ advance: failing, schedules: failing });

    expect(await reviews.show(asked!.task)).toMatchObject({ status: 'expired' });
    await close();
  });

  it('lifts holds that end', async () => {
    const { stage, clock, run, taken, show, anHourLater, close } = await aRun([
      { id: 'brief', type: 'rows' },
    ]);
    const { task, attempt } = (await taken())[0]!;
    const until = new Date(clock.now().getTime() + HOUR_MS).toISOString();
    const hold = { reason: 'It is spent', id: 'budget/may', epoch: 1, until };
    const error = { code: 'budget-reached', message: 'No money', retryable: true, hold };
    await stage.parts.advance.settle([{ run, task, attempt, kind: 'failed', error }]);
    expect(await show()).toMatchObject({ status: 'paused' });

    await anHourLater();

    expect(await show()).toMatchObject({ status: 'running' });
    await close();
  });
});
