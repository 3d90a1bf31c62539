import type { Queryable, Transaction } from '@duofactory/platform';

/** Why the manifest is to say something else of an episode. */
export type Change =
  'published' | 'promoted' | 'rolled-back' | 'moved' | 'renamed' | 'unpublished' | 'replaced' | 'recalled';

export interface ListedEpisode {
  readonly id: string;
  readonly node: string;
  readonly slot: number;
  readonly wrapper: string;
  readonly status: string;
  /** What readers got before; null: nothing. */
  readonly version: number | null;
  readonly listed: number | null;
  readonly change: Change;
  readonly changeNumber: number;
  readonly changedBy: string | null;
  readonly recall: string | null;
  readonly settled: boolean;
  /** Of the listed version. */
  readonly title: string | null;
  readonly object: string | null;
  readonly run: string | null;
}

const EPISODE = `e.id, e.node, e.slot, e.wrapper, e.status, e.version, e.listed, e.change,
  e.change_number AS "changeNumber", e.changed_by AS "changedBy", e.recall, e.settled, v.title, v.object, v.run`;
const FROM = `FROM episodes e LEFT JOIN episode_versions v
  ON v.environment = e.environment AND v.episode = e.id AND v.version = e.listed`;

// $1 environment, $2 course
const OF_COURSE = `SELECT ${EPISODE} ${FROM} WHERE e.environment = $1 AND e.course = $2
    AND (e.listed IS NOT NULL OR NOT e.settled)
  ORDER BY e.node COLLATE "C", e.slot, e.id`;

export async function listedOfCourse(
  db: Queryable,
  environment: string,
  course: string,
): Promise<ListedEpisode[]> {
  return (await db.query<ListedEpisode>({ text: OF_COURSE, values: [environment, course] })).rows;
}

// $1 environment, $2 course
const LOCK = 'SELECT "from", "to" FROM courses WHERE environment = $1 AND id = $2 FOR UPDATE';

/** One change of a course at a time, until the commit. Taken before any of its episodes. */
export async function lockCourse(tx: Transaction, environment: string, course: string): Promise<void> {
  await tx.query({ text: LOCK, values: [environment, course] });
}

// $1 environment, $2 id
const FIND = `SELECT ${EPISODE} ${FROM} WHERE e.environment = $1 AND e.id = $2`;

export async function findListed(
  db: Queryable,
  environment: string,
  id: string,
): Promise<ListedEpisode | undefined> {
  return (await db.query<ListedEpisode>({ text: FIND, values: [environment, id] })).rows[0];
}

// $1 environment, $2 course, $3 node, $4 slot, $5 but this episode
const OCCUPANT = `SELECT ${EPISODE} ${FROM} WHERE e.environment = $1 AND e.course = $2 AND e.node = $3 AND e.slot = $4
  AND e.id <> $5 AND e.listed IS NOT NULL LIMIT 1`;

/** Who has the slot, if it is another episode. */
export async function occupantOf(
  db: Queryable,
  of: { environment: string; course: string; node: string; slot: number; but: string },
): Promise<ListedEpisode | undefined> {
  const values = [of.environment, of.course, of.node, of.slot, of.but];
  return (await db.query<ListedEpisode>({ text: OCCUPANT, values })).rows[0];
}

// $1 environment, $2 id, $3 version or null, $4 change, $5 by, $6 recall, $7 slot or null: as it is, $8 now
const LIST = `UPDATE episodes SET listed = $3, change = $4, changed_by = $5, recall = $6, slot = coalesce($7, slot),
    change_number = change_number + 1, settled = false, updated_at = $8
  WHERE environment = $1 AND id = $2`;
// $1 environment, $2 id, $3 version
const SUPERSEDED = `UPDATE episode_versions SET state = 'superseded'
  WHERE environment = $1 AND episode = $2 AND state = 'publishing' AND version < $3`;

/** What the manifest must say of the episode from now on. */
export async function list(
  tx: Transaction,
  of: {
    environment: string;
    id: string;
    version: number | null;
    change: Change;
    by: string | null;
    recall?: string;
    slot?: number;
    now: Date;
  },
): Promise<void> {
  const { environment, id, version, change, by, recall = null, slot = null, now } = of;
  await tx.query({ text: LIST, values: [environment, id, version, change, by, recall, slot, now] });
  if (version !== null) await tx.query({ text: SUPERSEDED, values: [environment, id, version] });
}

// $1 environment, $2 ids, $3 their change numbers, $4 now
const SETTLE = `UPDATE episodes e SET settled = true, version = e.listed, updated_at = $4,
    status = CASE WHEN e.listed IS NOT NULL THEN 'published' WHEN e.change = 'recalled' THEN 'recalled'
      ELSE 'unpublished' END
  FROM unnest($2::uuid[], $3::int[]) AS c(id, change_number)
  WHERE e.environment = $1 AND e.id = c.id AND e.change_number = c.change_number AND NOT e.settled
  RETURNING e.id`;
// $1 environment, $2 ids, $3 now
const PUBLISHED = `UPDATE episode_versions v SET state = 'published', published_at = coalesce(v.published_at, $3)
  FROM episodes e WHERE e.environment = $1 AND e.id = ANY ($2::uuid[]) AND v.environment = $1 AND v.episode = e.id
    AND v.version = e.listed AND v.state IN ('publishing', 'superseded')`;

/** Marks changes as seen by readers. The ids of those that this call settled: each is told once. */
export async function settle(
  tx: Transaction,
  environment: string,
  changes: readonly ListedEpisode[],
  now: Date,
): Promise<Set<string>> {
  const numbers = changes.map(({ changeNumber }) => changeNumber);
  const values = [environment, changes.map(({ id }) => id), numbers, now];
  const settled = (await tx.query<{ id: string }>({ text: SETTLE, values })).rows.map(({ id }) => id);
  if (settled.length > 0) await tx.query({ text: PUBLISHED, values: [environment, settled, now] });
  return new Set(settled);
}

// $1 environment, $2 course
const IS_UNSETTLED = 'SELECT 1 FROM episodes WHERE environment = $1 AND course = $2 AND NOT settled LIMIT 1';

export async function isUnsettled(db: Queryable, environment: string, course: string): Promise<boolean> {
  return (await db.query({ text: IS_UNSETTLED, values: [environment, course] })).rows.length > 0;
}

// $1 changed before
const UNSETTLED = `SELECT DISTINCT environment, course FROM episodes WHERE NOT settled AND updated_at <= $1`;

export async function unsettledCourses(
  db: Queryable,
  before: Date,
): Promise<{ environment: string; course: string }[]> {
  return (await db.query<{ environment: string; course: string }>({ text: UNSETTLED, values: [before] }))
    .rows;
}
