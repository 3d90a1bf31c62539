import { diff3Merge, diffIndices } from 'node-diff3';

/** An item of a merged list, by its place in each of the three; undefined: it is not there. */
export interface MergedPlace {
  readonly base: number | undefined;
  readonly mine: number | undefined;
  readonly theirs: number | undefined;
}

/**
 * The order of a list that two people changed: what one of them added, moved or took away is so, whatever the other did
 * elsewhere. What both added at one place stands as mine, then theirs. An item that one took away is among the places
 * too: whether it stays is said by what the other made of it.
 */
export function mergeLists(of: {
  base: readonly unknown[];
  mine: readonly unknown[];
  theirs: readonly unknown[];
}): MergedPlace[] {
  const base = keysOf(of.base, of.base, 'b');
  const mine = keysOf(of.base, of.mine, 'm');
  const theirs = keysOf(of.base, of.theirs, 't');
  const order: string[] = [];
  for (const { ok, conflict } of diff3Merge(mine, base, theirs)) {
    const keys = ok ?? [...conflict!.a, ...conflict!.b];
    order.push(...keys.filter((key) => !order.includes(key)));
  }
  // What one took away is in the result of neither.
  for (const keys of [mine, theirs, base])
    keys.forEach((key, at) => {
      if (!order.includes(key)) order.splice(order.indexOf(keys[at - 1] ?? '') + 1, 0, key);
    });
  return order.map((key) => ({
    base: placeOf(key, base),
    mine: placeOf(key, mine),
    theirs: placeOf(key, theirs),
  }));
}

function placeOf(key: string, keys: readonly string[]): number | undefined {
  const at = keys.indexOf(key);
  return at < 0 ? undefined : at;
}

/**
 * Names the items of a list by those of the base that they were: by their ids where all have one (blocks), else what
 * is equal, and between two equal ones in order (steps). `side` names new ones.
 */
function keysOf(base: readonly unknown[], list: readonly unknown[], side: string): string[] {
  const ids = [idsOf(base), idsOf(list)];
  if (ids[0] && ids[1]) return ids[1].map((id) => `id ${id}`);
  const keys = list.map((_item, at) => `${side}${at}`);
  const [was, is] = [base.map(contentOf), list.map(contentOf)];
  let [from, to] = [0, 0];
  const pair = (untilFrom: number, untilTo: number): void => {
    while (from < untilFrom && to < untilTo) keys[to++] = `b${from++}`;
    [from, to] = [untilFrom, untilTo];
  };
  for (const { buffer1, buffer2 } of diffIndices(was, is)) {
    pair(buffer1[0], buffer2[0]);
    pair(buffer1[0] + buffer1[1], buffer2[0] + buffer2[1]);
  }
  pair(was.length, is.length);
  return keys;
}

function idsOf(list: readonly unknown[]): string[] | undefined {
  const ids = list.map((item) => (item as { id?: unknown } | null)?.id);
  const areNames = ids.every((id) => typeof id === 'string') && new Set(ids).size === ids.length;
  return areNames ? ids : undefined;
}

const contentOf = (item: unknown): string => JSON.stringify(item);
