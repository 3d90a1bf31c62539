import { describe, expect, it } from '@jest/globals';
import type { Pace } from '../work/pace.js';
import { forgetPace, paceFetches, wakefulFetch, wakeFetches } from './wakeful-fetch.js';

describe('a fetch that waits for news', () => {
  it('brings nothing when its member is woken, and another member waits on', async () => {
    const prototype = wakefulFetch();
    // Of the shipped one: a group without partitions sleeps for its time.
    const member = (memberId: string) =>
      Object.assign(Object.create(prototype) as typeof prototype & Record<string, unknown>, {
        memberId,
        cluster: { refreshMetadataIfNecessary: () => new Promise(() => undefined) },
      });
    let other: unknown = 'waits';

    void member('b')
      .fetch('0')
      .then(() => (other = 'woken'));
    const woken = member('a').fetch('0');
    wakeFetches('a');

    expect(await woken).toEqual([]);
    expect(other).toBe('waits');
  });

  it('is the shipped one where nobody wakes it', async () => {
    const prototype = wakefulFetch();
    const group = Object.assign(Object.create(prototype) as typeof prototype & Record<string, unknown>, {
      memberId: 'c',
      cluster: { refreshMetadataIfNecessary: () => Promise.reject(new Error('no broker')) },
    });

    expect(wakefulFetch()).toBe(prototype);
    await expect(group.fetch('0')).rejects.toThrow('no broker');
  });

  /** Two partitions, of which each fetch brings news of the first one. */
  const memberWithNews = (memberId: string) => {
    let asked = 0;
    const partitions = [{ topic: 'words', partitions: [0, 1] }];
    const offsets = { words: { 0: '0', 1: '0' } };
    const answer = [0, 1].map((partition) => ({
      ...{ partition, highWatermark: '1', preferredReadReplica: -1 },
      messages: partition === 0 ? [{ offset: '0' }] : [],
    }));
    const broker = {
      fetch: async () => {
        asked += 1;
        return { responses: [{ topicName: 'words', partitions: answer }] };
      },
    };
    const group = Object.assign(Object.create(wakefulFetch()) as ReturnType<typeof wakefulFetch>, {
      memberId,
      cluster: { refreshMetadataIfNecessary: async () => undefined, findBroker: async () => broker },
      checkForStaleAssignment: () => undefined,
      filterPartitionsByNode: () => partitions,
      seekOffsets: async () => undefined,
      getActiveTopicPartitions: () => ({ words: new Set([0, 1]) }),
      subscriptionState: { assigned: () => partitions, isPaused: () => false },
      offsetManager: { committedOffsets: () => offsets, nextOffset: () => 0 },
      seekOffset: { has: () => false },
      preferredReadReplicasPerTopicPartition: {},
    });
    return { group, asked: () => asked };
  };

  it('leaves out partitions without news', async () => {
    const { group } = memberWithNews('d');

    expect(await group.fetch('0')).toMatchObject([{ partition: 0, rawMessages: [{ offset: '0' }] }]);
  });

  it('keeps the pace of its member as long as there is news, and rests no longer than until it is woken', async () => {
    const { group, asked } = memberWithNews('e');
    const rests = [0, 3_600_000];
    paceFetches('e', { next: () => rests.shift()! } as Pace);

    const [first, second] = [await group.fetch('0'), await group.fetch('0')];
    const third = group.fetch('0');
    await new Promise((resolve) => setImmediate(resolve));
    wakeFetches('e');
    forgetPace('e');

    expect([first.length, second.length, asked()]).toEqual([1, 1, 2]);
    expect(await third).toEqual([]);
  });
});
