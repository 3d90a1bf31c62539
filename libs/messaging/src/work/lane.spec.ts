import type { CloudEvent } from '@duofactory/contracts';
import { describe, expect, it } from '@jest/globals';
import { Lane } from './lane.js';
import type { Pace } from './pace.js';
import { Parcel } from './worker.js';

class Answer extends Parcel {
  readonly lane = 0;
  readonly event: CloudEvent;
  readonly acknowledged = Promise.withResolvers<void>();
  isAcknowledged = false;
  isRevoked = false;

  constructor(readonly id: string) {
    super();
    this.event = { id, source: '/spec', type: 'answered.v1', time: '2026-01-01T00:00:00.000Z', data: null };
  }

  override get revoked(): boolean {
    return this.isRevoked;
  }

  acknowledge(): void {
    this.isAcknowledged = true;
    this.acknowledged.resolve();
  }
}

describe('a lane', () => {
  const settings = {
    ...{ maxBatch: 10, maxAttempts: 2, backOff: () => 0, retrying: () => undefined },
    park: async () => undefined,
  };

  it('begins nothing that was revoked while it waited: somebody else has it', async () => {
    const batches: string[][] = [];
    const first = Promise.withResolvers<void>();
    const lane = new Lane({
      ...settings,
      batch: async (events) => {
        batches.push(events.map(({ id }) => id));
        if (batches.length === 1) await first.promise;
      },
    });
    const [inHand, revoked, kept] = ['in hand', 'revoked', 'kept'].map((id) => new Answer(id));
    lane.accept([inHand!]);
    await Promise.resolve();
    lane.accept([revoked!, kept!]);

    revoked!.isRevoked = true;
    first.resolve();
    await kept!.acknowledged.promise;
    const left = await lane.drain();

    expect(batches).toEqual([['in hand'], ['kept']]);
    expect(revoked!.isAcknowledged).toBe(false);
    expect(left).toEqual([]);
  });

  it('acknowledges what it parks only once the letter is kept, however often that is tried', async () => {
    const parked: { acknowledged: boolean; kept: PromiseWithResolvers<void> }[] = [];
    const asked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const lane = new Lane({
      ...settings,
      batch: () => Promise.reject(Object.assign(new Error('no use'), { terminal: true })),
      park: (parcel) => {
        const kept = Promise.withResolvers<void>();
        parked.push({ acknowledged: (parcel as Answer).isAcknowledged, kept });
        asked[parked.length - 1]!.resolve();
        return kept.promise;
      },
    });
    const poison = new Answer('poison');

    lane.accept([poison]);
    await asked[0]!.promise;
    parked[0]!.kept.reject(new Error('nowhere to keep it'));
    await asked[1]!.promise;
    const before = parked.map(({ acknowledged }) => acknowledged);
    parked[1]!.kept.resolve();
    await poison.acknowledged.promise;

    expect(before).toEqual([false, false]);
    expect(await lane.drain()).toEqual([]);
  });

  /** A lane whose second batch rests for so long before it begins. */
  const restingFor = (ms: number) => {
    const rests = [0, ms];
    const batches: string[][] = [];
    const lane = new Lane({
      ...settings,
      pace: { next: () => rests.shift() ?? 0 } as Pace,
      batch: async (events) => void batches.push(events.map(({ id }) => id)),
    });
    return { lane, batches };
  };

  it('takes together what comes while it keeps its pace', async () => {
    const { lane, batches } = restingFor(1);
    const [first, second, third] = ['first', 'second', 'third'].map((id) => new Answer(id));
    lane.accept([first!]);
    await first!.acknowledged.promise;

    lane.accept([second!]);
    // Longer than a batch waits for what comes in the same turn.
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    lane.accept([third!]);
    await third!.acknowledged.promise;

    expect(batches).toEqual([['first'], ['second', 'third']]);
  });

  it('rests no longer when it is to drain, and gives back what it has not begun', async () => {
    const { lane, batches } = restingFor(3_600_000);
    const [first, second] = ['first', 'second'].map((id) => new Answer(id));
    lane.accept([first!]);
    await first!.acknowledged.promise;
    lane.accept([second!]);
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();

    const left = await lane.drain();

    expect(left).toEqual([second]);
    expect(batches).toEqual([['first']]);
  });
});
