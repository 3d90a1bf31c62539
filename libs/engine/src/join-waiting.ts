import { blockOf } from './changes.js';
import { cutKey, joinKeys } from './keys.js';
import type { Plan, PlannedBlock } from './plan.js';
import { compareOrd, type WaitingRow } from './rows.js';

export interface JoinedPayload {
  readonly key: string;
  readonly ord: readonly number[];
}

/**
 * The natural join of a group's waiting payloads on all segments that they share, in order. One need: its payloads
 * in order. Order: that of the first need that is not optional, then per further need the partner's place (none: 0).
 */
export function joinWaiting(
  plan: Plan,
  block: PlannedBlock,
  waiting: readonly WaitingRow[],
): { payloads: JoinedPayload[]; unmatched: number } {
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
  let joined: Joined[] = (rowsOf.get(lead.block) ?? []).map((row) => ({
    key: row.key,
    ord: row.ord,
    places: new Map(),
    used: [row],
  }));
  let signature = blockOf(plan, lead.block).signature;
  // Optional needs come last: a segment that they share may be another need's.
  for (const need of [...further.filter((one) => !one.optional), ...further.filter((one) => one.optional)]) {
    const theirs = blockOf(plan, need.block).signature;
    const shared = signature.filter((segment) => theirs.includes(segment));
    const partnersOf = Map.groupBy(rowsOf.get(need.block) ?? [], (row) => cutKey(row.key, shared));
    joined = joined.flatMap((one) => {
      const partners = partnersOf.get(cutKey(one.key, shared)) ?? [];
      if (partners.length === 0) return need.optional ? [one] : [];
      return partners.map((partner, place) => ({
        key: joinKeys(one.key, partner.key, plan),
        ord: one.ord,
        places: new Map([...one.places, [need.block, place + 1]]),
        used: [...one.used, partner],
      }));
    });
    signature = plan.blocks.map(({ id }) => id).filter((id) => signature.includes(id) || theirs.includes(id));
  }
  const used = new Set(joined.flatMap((one) => one.used));
  const payloads = joined.map(({ key, ord, places }) => ({
    key,
    ord: [...ord, ...further.map((need) => places.get(need.block) ?? 0)],
  }));
  return {
    payloads: payloads.sort((a, b) => compareOrd(a.ord, b.ord)),
    unmatched: waiting.length - used.size,
  };
}

interface Joined {
  readonly key: string;
  readonly ord: readonly number[];
  /** By need, the partner's place among the partners. */
  readonly places: ReadonlyMap<string, number>;
  readonly used: readonly WaitingRow[];
}
