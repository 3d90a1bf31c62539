import type { GroupState, WaitingRow } from '@duofactory/engine';
import type { OfRun } from './insert-rows.js';
import type { Transaction, WriteTransaction } from './transaction.js';

export interface GroupKey {
  readonly run: string;
  readonly block: string;
  readonly key: string;
}

export interface CountedGroup extends GroupKey {
  openWork: number;
  state: GroupState;
  round: number;
  born: boolean;
}

// Net sums; the row that comes back says what the counter is now and whether the group is new.
// $1 runs, $2 blocks, $3 keys, $4 sums
const COUNT = `
  INSERT INTO groups AS g (run, block, key, open_work)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[])
  ON CONFLICT (run, block, key) DO UPDATE SET open_work = g.open_work + excluded.open_work
  RETURNING run, block, key, open_work::int AS "openWork", state, round, (xmax = 0) AS born`;

export async function countGroups(
  tx: Transaction,
  counts: readonly (GroupKey & { delta: number })[],
): Promise<CountedGroup[]> {
  if (counts.length === 0) return [];
  const values = [
    counts.map((one) => one.run),
    counts.map((one) => one.block),
    counts.map((one) => one.key),
    counts.map((one) => one.delta),
  ];
  return (await tx.query<CountedGroup>({ name: 'count-groups', text: COUNT, values })).rows;
}

// $1 runs, $2 blocks, $3 keys, $4 now
const FIRE = `
  UPDATE groups g SET state = 'fired', fired_at = $4
  FROM unnest($1::uuid[], $2::text[], $3::text[]) AS f(run, block, key)
  WHERE g.run = f.run AND g.block = f.block AND g.key = f.key AND g.state = 'open'`;

export function fireGroups(tx: WriteTransaction, groups: readonly GroupKey[], now: Date): void {
  tx.send({ name: 'fire-groups', text: FIRE, values: [...unzip(groups), now] });
}

// $1 runs, $2 blocks, $3 keys, $4 states, $5 rounds
const STATES = `
  UPDATE groups g SET state = s.state, round = s.round
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[]) AS s(run, block, key, state, round)
  WHERE g.run = s.run AND g.block = s.block AND g.key = s.key`;

export function setGroupStates(
  tx: WriteTransaction,
  groups: readonly (GroupKey & { state: GroupState; round: number })[],
): void {
  if (groups.length === 0) return;
  const values = [...unzip(groups), groups.map((one) => one.state), groups.map((one) => one.round)];
  tx.send({ name: 'set-group-states', text: STATES, values });
}

// $1 runs, $2 blocks, $3 groups
const WAITING = `
  SELECT w.run, w.block, w."group", w.need, w.key, w.ord
  FROM unnest($1::uuid[], $2::text[], $3::text[]) AS g(run, block, key)
  JOIN waiting w ON w.run = g.run AND w.block = g.block AND w."group" = g.key`;

export async function readWaiting(
  tx: Transaction,
  groups: readonly GroupKey[],
): Promise<OfRun<WaitingRow>[]> {
  if (groups.length === 0) return [];
  return (await tx.query<OfRun<WaitingRow>>({ name: 'read-waiting', text: WAITING, values: unzip(groups) }))
    .rows;
}

// As above.
const COUNTED = `
  SELECT w.run, w.block, w."group", w.need, w."group" AS key, '{}'::int[] AS ord, count(*)::int AS count
  FROM unnest($1::uuid[], $2::text[], $3::text[]) AS g(run, block, key)
  JOIN waiting w ON w.run = g.run AND w.block = g.block AND w."group" = g.key
  GROUP BY w.run, w.block, w."group", w.need`;

/** One row for all that wait in a group by one need. */
export async function countWaiting(
  tx: Transaction,
  groups: readonly GroupKey[],
): Promise<OfRun<WaitingRow>[]> {
  if (groups.length === 0) return [];
  const statement = { name: 'count-waiting', text: COUNTED, values: unzip(groups) };
  return (await tx.query<OfRun<WaitingRow>>(statement)).rows;
}

function unzip(groups: readonly GroupKey[]): [string[], string[], string[]] {
  return [groups.map((one) => one.run), groups.map((one) => one.block), groups.map((one) => one.key)];
}
