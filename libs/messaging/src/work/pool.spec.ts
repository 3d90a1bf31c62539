import type { CloudEvent } from '@duofactory/contracts';
import { describe, expect, it } from '@jest/globals';
import { Pool } from './pool.js';
import { Parcel } from './worker.js';

class Request extends Parcel {
  readonly lane = 0;
  readonly acknowledged = Promise.withResolvers<void>();
  readonly event: CloudEvent;

  constructor(run: string, n: number) {
    super();
    const time = '2026-01-01T00:00:00.000Z';
    this.event = { id: `${run}/${n}`, source: '/spec', type: 'asked.v1', subject: run, time, data: n };
  }

  acknowledge(): void {
    this.acknowledged.resolve();
  }
}

describe('a pool shares its places between runs', () => {
  const aPool = (concurrency: number) => {
    const begun: string[] = [];
    const endings: (() => void)[] = [];
    const pool = new Pool({
      ...{ concurrency, maxAttempts: 2, backOff: () => 0, retrying: () => undefined },
      park: async () => undefined,
      each: ({ id }) => {
        begun.push(id);
        return new Promise<void>((resolve) => endings.push(resolve));
      },
    });
    const requests = (run: string, count: number): Request[] =>
      Array.from({ length: count }, (_, n) => new Request(run, n));
    return { pool, begun, endings, requests };
  };

  it('begins the lone task of a run with the first place that is free, though a thousand of a batch came before', async () => {
    const { pool, begun, endings, requests } = aPool(64);
    const batch = requests('batch', 1000);
    const [lone] = requests('lone', 1) as [Request];
    pool.accept(batch);
    pool.accept([lone]);
    expect(begun).toHaveLength(64);

    endings[0]!();
    await batch[0]!.acknowledged.promise;
    await new Promise(setImmediate);

    expect(begun.slice(64)).toEqual(['lone/0']);
    endings[64]!();
    await lone.acknowledged.promise;
    await new Promise(setImmediate);
    expect(begun.slice(65)).toEqual(['batch/64']);
  });

  it('gives a run that is alone every place, and takes back no more than a fair share for another', async () => {
    const { pool, begun, endings, requests } = aPool(4);
    const [large, other] = [requests('large', 20), requests('other', 20)];
    pool.accept(large);
    expect(begun).toEqual(['large/0', 'large/1', 'large/2', 'large/3']);
    pool.accept(other);

    for (const place of [0, 1, 2]) {
      endings[place]!();
      await large[place]!.acknowledged.promise;
      await new Promise(setImmediate);
    }

    expect(begun.slice(4)).toEqual(['other/0', 'other/1', 'large/4']);
  });
});
