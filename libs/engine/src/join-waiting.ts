import { blockOf } from './changes.js';
import { cutKey, keyJoiner } from './keys.js';
import type { Plan, PlannedBlock } from './plan.js';
import { compareOrd, type WaitingRow } from './rows.js';

export interface JoinedPayload {
  readonly key: string;
  readonly ord: readonly number[];
}

interface JoinedGroup {
  readonly payloads: JoinedPayload[];
  readonly unmatched: number;
}

/**
 * The natural join of a group's waiting payloads on all segments that they share, in order. One need: its payloads
 * in order. Order: that of the first need that is not optional, then per further need the partner's place (none: 0).
 */
export function joinWaiting(plan: Plan, block: PlannedBlock, waiting: readonly WaitingRow[]): JoinedGroup {
  return joinAtMost(plan, block, waiting, Infinity)!;
}

/** As `joinWaiting`. Undefined: on the way there would be more than `most`, and nobody should hold them all. */
export function joinAtMost(
  plan: Plan,
  block: PlannedBlock,
  waiting: readonly WaitingRow[],
  most: number,
): JoinedGroup | undefined {
  if (block.needs.length === 1) {
    const payloads = waiting.map(({ key, ord }) => ({ key, ord }));
    return { payloads: payloads.sort((a, b) => compareOrd(a.ord, b.ord)), unmatched: 0 };
  }
  const rowsOf = new Map<string, WaitingRow[]>();
  for (const row of waiting) {
    const rows = rowsOf.get(row.need);
    if (rows) rows.push(row);
    else rowsOf.set(row.need, [row]);
  }
  for (const rows of rowsOf.values()) rows.sort((a, b) => compareOrd(a.ord, b.ord));

  const lead = block.needs.find((need) => !need.optional)!;
  const further = block.needs.filter((need) => need !== lead);
  const unpaired = further.map(() => 0);
  let joined: Joined[] = (rowsOf.get(lead.block) ?? []).map((row) => ({
    key: row.key,
    ord: [...row.ord, ...unpaired],
    row,
    before: undefined,
  }));
  let signature = blockOf(plan, lead.block).signature;
  // Optional needs come last: a segment that they share may be another need's.
  for (const need of [...further.filter((one) => !one.optional), ...further.filter((one) => one.optional)]) {
    const theirs = blockOf(plan, need.block).signature;
    const shared = signature.filter((segment) => theirs.includes(segment));
    const both = plan.blocks
      .map(({ id }) => id)
      .filter((id) => signature.includes(id) || theirs.includes(id));
    const { addedOf, join } = keyJoiner(signature, both);
    const rows = (rowsOf.get(need.block) ?? []).map((row) => ({ row, added: addedOf(row.key) }));
    const partnersOf = Map.groupBy(rows, ({ row }) => cutKey(row.key, shared));
    const partners = joined.map(({ key }) => partnersOf.get(cutKey(key, shared)) ?? []);
    let count = 0;
    for (const { length } of partners) count += length === 0 && need.optional ? 1 : length;
    if (count > most) return undefined;
    const place = further.indexOf(need) - further.length;
    joined = joined.flatMap((one, n) => {
      if (partners[n]!.length === 0) return need.optional ? [one] : [];
      return partners[n]!.map(({ row, added }, at) => ({
        key: join(one.key, added),
        ord: one.ord.with(place, at + 1),
        row,
        before: one,
      }));
    });
    signature = both;
  }
  const used = new Set<WaitingRow>();
  for (const one of joined) for (let at: Joined | undefined = one; at; at = at.before) used.add(at.row);
  const payloads = joined.map(({ key, ord }) => ({ key, ord }));
  return {
    payloads: payloads.sort((a, b) => compareOrd(a.ord, b.ord)),
    unmatched: waiting.length - used.size,
  };
}

interface Joined {
  readonly key: string;
  /** Of the first need, then, per further need, the partner's place among the partners. */
  readonly ord: readonly number[];
  /** Joined last, to what was joined before. */
  readonly row: WaitingRow;
  readonly before: Joined | undefined;
}
