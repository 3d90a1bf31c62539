import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FairQueue } from './fair-queue.js';

describe('a queue that is fair between parties', () => {
  const queued = (...items: string[]): FairQueue<string> => {
    const queue = new FairQueue<string>();
    for (const item of items) queue.push(item, item[0]!);
    return queue;
  };
  const taken = (queue: FairQueue<string>, count: number): string =>
    Array.from({ length: count }, () => queue.shift()).join(' ');

  it('gives one party alone all there is, in its order', () => {
    expect(taken(queued('a1', 'a2', 'a3'), 4)).toBe('a1 a2 a3 ');
  });

  it('gives a late and small party the next turn, although another has a thousand items before it', () => {
    const queue = queued(...Array.from({ length: 1000 }, (_, i) => `a${i}`));
    taken(queue, 64);
    queue.push('b1', 'b');

    queue.done('a');

    expect(queue.shift()).toBe('b1');
  });

  it('gives who has least in hand, so that slow work takes no more than its share', () => {
    const queue = queued('s1', 's2', 's3', 's4', 'q1', 'q2', 'q3', 'q4');
    const first = taken(queue, 2);
    // The quick one ends again and again; the slow one never.
    queue.done('q');
    const second = taken(queue, 1);
    queue.done('q');

    expect([first, second, taken(queue, 1)]).toEqual(['s1 q1', 'q2', 'q3']);
  });

  it('takes turns where all have equally much in hand', () => {
    expect(taken(queued('a1', 'a2', 'b1', 'b2', 'c1'), 5)).toBe('a1 b1 c1 a2 b2');
  });

  it('gives back what waits, and goes on', () => {
    const queue = queued('a1', 'a2', 'b1');
    taken(queue, 1);

    expect(queue.takeAll()).toEqual(['a2', 'b1']);
    expect(queue.length).toBe(0);
    queue.push('a3', 'a');
    queue.done('a');
    expect([queue.shift(), queue.shift()]).toEqual(['a3', undefined]);
  });

  it('loses nothing, keeps each order, and is never behind by more than one, whatever happens', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ does: fc.constant('push' as const), who: fc.constantFrom('a', 'b', 'c') }),
        fc.record({ does: fc.constant('take' as const) }),
        fc.record({ does: fc.constant('done' as const), who: fc.constantFrom('a', 'b', 'c') }),
      ),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const queue = new FairQueue<string>();
        const waiting: Record<string, string[]> = { a: [], b: [], c: [] };
        const inHand: Record<string, number> = { a: 0, b: 0, c: 0 };
        let next = 0;
        for (const step of all) {
          if (step.does === 'push') {
            const item = `${step.who}${next++}`;
            waiting[step.who]!.push(item);
            queue.push(item, step.who);
          } else if (step.does === 'done') {
            if (inHand[step.who] === 0) continue;
            inHand[step.who]! -= 1;
            queue.done(step.who);
          } else {
            const item = queue.shift();
            const who = item?.[0];
            const least = Math.min(
              ...Object.keys(waiting).flatMap((one) => (waiting[one]!.length > 0 ? inHand[one]! : [])),
            );
            if (who === undefined) expect(least).toBe(Infinity);
            else {
              expect(item).toBe(waiting[who]!.shift());
              expect(inHand[who]).toBe(least);
              inHand[who]! += 1;
            }
          }
          expect(queue.length).toBe(Object.values(waiting).flat().length);
        }
      }),
    );
  });
});
