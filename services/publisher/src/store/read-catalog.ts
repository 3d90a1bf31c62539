import type { EpisodeProvenance } from '@duofactory/contracts';
import type { Queryable } from '@duofactory/platform';
import { CATALOG, conditionOf, type EpisodeFilter } from './episode-filter.js';

export interface EpisodeSummary {
  readonly id: string;
  readonly environment: string;
  readonly course: string;
  readonly node: string;
  readonly nodeName: string | null;
  readonly level: string | null;
  readonly slot: number;
  readonly wrapper: string;
  /** What readers get; null: nothing. */
  readonly version: number | null;
  readonly newestVersion: number | null;
  readonly status: string;
  readonly attempts: number;
  readonly updatedAt: Date;
  readonly changedBy: string | null;
  readonly title: string | null;
  readonly viability: number | null;
  readonly schemaVersion: number | null;
  readonly run: string | null;
  readonly pipelineStatus: string | null;
  /** The block of that run that published it. */
  readonly pipelineBlock: string | null;
  readonly offline: boolean;
}

const EPISODE = `e.id, e.environment, e.course, e.node, n.name AS "nodeName", n.level, e.slot, e.wrapper, e.version,
  (SELECT max(w.version) FROM episode_versions w WHERE w.environment = e.environment AND w.episode = e.id) AS "newestVersion",
  e.status, e.attempts, e.updated_at AS "updatedAt", e.changed_by AS "changedBy", v.title, v.viability,
  v.schema_version AS "schemaVersion", v.run, v.run_status AS "pipelineStatus", v.block AS "pipelineBlock",
  coalesce((v.provenance->>'offline')::boolean, false) AS offline`;

/** Last changed first. */
export async function listEpisodes(
  db: Queryable,
  filter: EpisodeFilter,
  { before, limit }: { before?: { at: Date; id: string }; limit: number },
): Promise<EpisodeSummary[]> {
  const { text, values } = conditionOf(filter);
  const page = before
    ? ` AND (e.updated_at, e.id) < ($${values.push(before.at)}::timestamptz, $${values.push(before.id)}::uuid)`
    : '';
  const query = `SELECT ${EPISODE} ${CATALOG} WHERE ${text}${page}
    ORDER BY e.updated_at DESC, e.id DESC LIMIT $${values.push(limit)}`;
  return (await db.query<EpisodeSummary>({ text: query, values })).rows;
}

/** Where the page before ended in the list by place. */
export interface EpisodePosition {
  readonly node: string;
  readonly slot: number;
  readonly id: string;
}

/** As they lie in their course: by node, by slot. */
export async function listEpisodesByPlace(
  db: Queryable,
  filter: EpisodeFilter,
  { after, limit }: { after?: EpisodePosition; limit: number },
): Promise<EpisodeSummary[]> {
  const { text, values } = conditionOf(filter);
  const place = '(e.node COLLATE "C", e.slot, e.id)';
  const page = after
    ? ` AND ${place} > ($${values.push(after.node)}::text, $${values.push(after.slot)}::int, $${values.push(after.id)}::uuid)`
    : '';
  const query = `SELECT ${EPISODE} ${CATALOG} WHERE ${text}${page}
    ORDER BY e.node COLLATE "C", e.slot, e.id LIMIT $${values.push(limit)}`;
  return (await db.query<EpisodeSummary>({ text: query, values })).rows;
}

export async function listEpisodeIds(db: Queryable, filter: EpisodeFilter, limit: number): Promise<string[]> {
  const { text, values } = conditionOf(filter);
  const query = `SELECT e.id ${CATALOG} WHERE ${text}
    ORDER BY e.course, e.node, e.slot, e.id LIMIT $${values.push(limit)}`;
  return (await db.query<{ id: string }>({ text: query, values })).rows.map(({ id }) => id);
}

/** What the episodes of a group have in common. */
export const GROUPINGS = {
  course: 'e.course',
  node: 'e.node',
  level: 'n.level',
  wrapper: 'e.wrapper',
  status: 'e.status',
  slot: 'e.slot::text',
  schemaVersion: 'v.schema_version::text',
  pipelineStatus: 'v.run_status',
  run: 'v.run::text',
} as const;

export interface EpisodeGroup {
  readonly value: string | null;
  readonly episodes: number;
  readonly published: number;
  readonly viability: number | null;
  readonly updatedAt: Date;
}

export async function groupEpisodes(
  db: Queryable,
  filter: EpisodeFilter,
  by: keyof typeof GROUPINGS,
): Promise<EpisodeGroup[]> {
  const { text, values } = conditionOf(filter);
  const query = `SELECT ${GROUPINGS[by]} AS value, count(*)::int AS episodes,
      (count(*) FILTER (WHERE e.status = 'published'))::int AS published, avg(v.viability) AS viability,
      max(e.updated_at) AS "updatedAt"
    ${CATALOG} WHERE ${text} GROUP BY 1 ORDER BY 1`;
  return (await db.query<EpisodeGroup>({ text: query, values })).rows;
}

export async function findEpisode(
  db: Queryable,
  environment: string,
  id: string,
): Promise<EpisodeSummary | undefined> {
  const query = `SELECT ${EPISODE} ${CATALOG} WHERE e.environment = $1 AND e.id = $2`;
  return (await db.query<EpisodeSummary>({ text: query, values: [environment, id] })).rows[0];
}

export interface EpisodeVersion {
  readonly version: number;
  readonly state: string;
  readonly title: string;
  readonly viability: number;
  readonly run: string;
  readonly pipelineStatus: string;
  readonly block: string | null;
  readonly object: string;
  readonly audio: { object: string; mediaType: string; sizeBytes: number };
  readonly provenance: EpisodeProvenance;
  readonly createdAt: Date;
  readonly publishedAt: Date | null;
}

// $1 environment, $2 episode
const VERSIONS = `SELECT version, state, title, viability, run, run_status AS "pipelineStatus", block, object, audio, provenance,
    created_at AS "createdAt", published_at AS "publishedAt"
  FROM episode_versions WHERE environment = $1 AND episode = $2 ORDER BY version DESC`;

export async function listVersions(
  db: Queryable,
  environment: string,
  episode: string,
): Promise<EpisodeVersion[]> {
  return (await db.query<EpisodeVersion>({ text: VERSIONS, values: [environment, episode] })).rows;
}

// $1 environment, $2 id
const COURSE = 'SELECT id, "from", "to" FROM courses WHERE environment = $1 AND id = $2';

export async function readCourse(
  db: Queryable,
  environment: string,
  id: string,
): Promise<{ id: string; from: string; to: string } | undefined> {
  const { rows } = await db.query<{ id: string; from: string; to: string }>({
    text: COURSE,
    values: [environment, id],
  });
  return rows[0];
}

// $1 environment
const COURSES = `SELECT c.id, c."from", c."to", count(e.id)::int AS episodes FROM courses c
  LEFT JOIN episodes e ON e.environment = c.environment AND e.course = c.id AND e.status = 'published'
  WHERE c.environment = $1 GROUP BY c.id, c."from", c."to" ORDER BY c.id`;

export interface CourseSummary {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly episodes: number;
}

export async function listCourses(db: Queryable, environment: string): Promise<CourseSummary[]> {
  return (await db.query<CourseSummary>({ text: COURSES, values: [environment] })).rows;
}

// $1 environment, $2 course
const NODES = `SELECT n.id, n.name, n.level, (count(e.id) FILTER (WHERE e.status = 'published'))::int AS episodes,
    coalesce(array_agg(DISTINCT e.slot) FILTER (WHERE e.id IS NOT NULL), '{}') AS slots,
    coalesce(array_agg(DISTINCT e.slot) FILTER (WHERE e.listed IS NOT NULL), '{}') AS taken
  FROM nodes n
  LEFT JOIN episodes e ON e.environment = n.environment AND e.course = n.course AND e.node = n.id
  WHERE n.environment = $1 AND n.course = $2 GROUP BY n.id, n.name, n.level ORDER BY n.id COLLATE "C"`;

export interface NodeSlots {
  readonly id: string;
  readonly name: string;
  readonly level: string;
  /** That readers have. */
  readonly episodes: number;
  /** That episodes have, or had. */
  readonly slots: readonly number[];
  /** That an episode has now. */
  readonly taken: readonly number[];
}

export async function listNodes(db: Queryable, environment: string, course: string): Promise<NodeSlots[]> {
  return (await db.query<NodeSlots>({ text: NODES, values: [environment, course] })).rows;
}

export async function listEnvironments(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ environment: string }>({
    text: 'SELECT DISTINCT environment FROM courses ORDER BY environment',
  });
  return rows.map(({ environment }) => environment);
}
