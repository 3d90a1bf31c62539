import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OffsetLedger, type OffsetEntry } from './offset-ledger.js';

const entries = (...offsets: number[]): OffsetEntry[] =>
  offsets.map((offset) => ({ offset, settled: false }));

describe('OffsetLedger', () => {
  it('gives nothing to commit while the lowest message is in hand', () => {
    const ledger = new OffsetLedger(10);
    const [first, second, third] = entries(5, 6, 7);
    for (const entry of [first!, second!, third!]) ledger.open(entry);

    ledger.settle(second!);
    ledger.settle(third!);
    const before = ledger.takeCommittable();
    ledger.settle(first!);

    expect(before).toBeUndefined();
    expect(ledger.takeCommittable()).toBe(8);
    expect(ledger.takeCommittable()).toBeUndefined();
  });

  it('bridges the gaps that compaction leaves', () => {
    const ledger = new OffsetLedger(10);
    const [first, second] = entries(3, 90);
    ledger.open(first!);
    ledger.open(second!);

    ledger.settle(first!);
    expect(ledger.takeCommittable()).toBe(4);

    ledger.settle(second!);
    expect(ledger.takeCommittable()).toBe(91);
  });

  it('refuses what it has seen', () => {
    const ledger = new OffsetLedger(10);
    const [first, again] = entries(3, 3);

    expect(ledger.open(first!)).toBe(true);
    expect(ledger.open(again!)).toBe(false);
    expect(ledger.openCount).toBe(1);
  });

  it('is full at its cap and roomy again at half of it', () => {
    const ledger = new OffsetLedger(4);
    const four = entries(1, 2, 3, 4);
    for (const entry of four) ledger.open(entry);
    expect(ledger.full).toBe(true);

    ledger.settle(four[0]!);
    expect([ledger.full, ledger.roomy]).toEqual([false, false]);

    ledger.settle(four[1]!);
    expect(ledger.roomy).toBe(true);
  });

  it('commits nothing once revoked', () => {
    const ledger = new OffsetLedger(4);
    const [first, second] = entries(1, 2);
    ledger.open(first!);
    ledger.open(second!);
    ledger.settle(first!);

    ledger.revoke();
    ledger.settle(second!);

    expect(ledger.takeCommittable()).toBeUndefined();
    expect(ledger.open(entries(3)[0]!)).toBe(false);
  });

  it('never goes back when a failed commit is given back', () => {
    const ledger = new OffsetLedger(4);
    const [first, second] = entries(1, 2);
    ledger.open(first!);
    ledger.open(second!);
    ledger.settle(first!);
    const failed = ledger.takeCommittable()!;
    ledger.settle(second!);

    ledger.giveBack(failed);

    expect(ledger.takeCommittable()).toBe(3);
  });

  it('commits the lowest contiguous offset in whatever order messages settle', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 40 }),
        fc.infiniteStream(fc.nat()),
        (numbers, random) => {
          const ledger = new OffsetLedger(1000);
          const opened = entries(...numbers.sort((a, b) => a - b));
          for (const entry of opened) ledger.open(entry);
          const left = [...opened];
          let committed = opened[0]!.offset;
          while (left.length > 0) {
            const [entry] = left.splice(random.next().value % left.length, 1);
            ledger.settle(entry!);
            committed = ledger.takeCommittable() ?? committed;
            const lowestLeft = left[0]?.offset ?? Infinity;
            const settledBelow = opened.filter(({ offset }) => offset < lowestLeft);
            const expected = settledBelow.length ? settledBelow.at(-1)!.offset + 1 : opened[0]!.offset;
            if (committed !== expected) return false;
          }
          return true;
        },
      ),
    );
  });
});
