import { describe, expect, it } from '@jest/globals';
import { wakefulFetch, wakeFetches } from './wakeful-fetch.js';

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
});
