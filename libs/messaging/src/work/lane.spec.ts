import type { CloudEvent } from '@duofactory/contracts';
import { describe, expect, it } from '@jest/globals';
import { Lane } from './lane.js';
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
});
