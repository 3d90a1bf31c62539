import type { Queryable } from '@duofactory/platform';

export interface EpisodeSummary {
  readonly id: string;
  readonly environment: string;
  readonly course: string;
  readonly node: string;
  readonly slot: number;
  readonly wrapper: string;
  readonly version: number | null;
  readonly status: string;
  readonly attempts: number;
  readonly updatedAt: Date;
  readonly title: string | null;
  readonly viability: number | null;
  readonly schemaVersion: number | null;
}

const EPISODE = `e.id, e.environment, e.course, e.node, e.slot, e.wrapper, e.version, e.status, e.attempts,
  e.updated_at AS "updatedAt", v.title, v.viability, v.schema_version AS "schemaVersion"`;
const FROM = `FROM episodes e LEFT JOIN episode_versions v
  ON v.environment = e.environment AND v.episode = e.id AND v.version = e.version`;

// Last changed first. $1 environment, $2 course, $3 node, $4 wrapper, $5 status, $6 before (time), $7 before (id), $8 how many
const LIST = `SELECT ${EPISODE} ${FROM}
  WHERE e.environment = $1 AND ($2::text IS NULL OR e.course = $2) AND ($3::text IS NULL OR e.node = $3)
    AND ($4::text IS NULL OR e.wrapper = $4) AND ($5::text IS NULL OR e.status = $5)
    AND ($6::timestamptz IS NULL OR (e.updated_at, e.id) < ($6, $7::uuid))
  ORDER BY e.updated_at DESC, e.id DESC LIMIT $8`;

export async function listEpisodes(
  db: Queryable,
  of: {
    environment: string;
    course?: string;
    node?: string;
    wrapper?: string;
    status?: string;
    before?: { at: Date; id: string };
    limit: number;
  },
): Promise<EpisodeSummary[]> {
  const { environment, course, node, wrapper, status, before, limit } = of;
  const filters = [course, node, wrapper, status].map((value) => value ?? null);
  const values = [environment, ...filters, before?.at ?? null, before?.id ?? null, limit];
  return (await db.query<EpisodeSummary>({ text: LIST, values })).rows;
}

// $1 environment, $2 id
const FIND = `SELECT ${EPISODE} ${FROM} WHERE e.environment = $1 AND e.id = $2`;

export async function findEpisode(
  db: Queryable,
  environment: string,
  id: string,
): Promise<EpisodeSummary | undefined> {
  return (await db.query<EpisodeSummary>({ text: FIND, values: [environment, id] })).rows[0];
}

export interface EpisodeVersion {
  readonly version: number;
  readonly state: string;
  readonly title: string;
  readonly viability: number;
  readonly run: string;
  readonly object: string;
  readonly audio: { object: string; mediaType: string; sizeBytes: number };
  readonly provenance: unknown;
  readonly createdAt: Date;
  readonly publishedAt: Date | null;
}

// $1 environment, $2 episode
const VERSIONS = `SELECT version, state, title, viability, run, object, audio, provenance, created_at AS "createdAt",
    published_at AS "publishedAt"
  FROM episode_versions WHERE environment = $1 AND episode = $2 ORDER BY version DESC`;

export async function listVersions(
  db: Queryable,
  environment: string,
  episode: string,
): Promise<EpisodeVersion[]> {
  return (await db.query<EpisodeVersion>({ text: VERSIONS, values: [environment, episode] })).rows;
}

// $1 environment
const COURSES = `SELECT c.id, c."from", c."to", count(e.id)::int AS episodes FROM courses c
  LEFT JOIN episodes e ON e.environment = c.environment AND e.course = c.id AND e.status = 'published'
  WHERE c.environment = $1 GROUP BY c.id, c."from", c."to" ORDER BY c.id`;

export async function listCourses(db: Queryable, environment: string): Promise<unknown[]> {
  return (await db.query({ text: COURSES, values: [environment] })).rows;
}

// $1 environment, $2 course
const NODES = `SELECT n.id, n.name, n.level, count(e.id)::int AS episodes FROM nodes n
  LEFT JOIN episodes e ON e.environment = n.environment AND e.course = n.course AND e.node = n.id AND e.status = 'published'
  WHERE n.environment = $1 AND n.course = $2 GROUP BY n.id, n.name, n.level ORDER BY n.id`;

export async function listNodes(db: Queryable, environment: string, course: string): Promise<unknown[]> {
  return (await db.query({ text: NODES, values: [environment, course] })).rows;
}

export async function listEnvironments(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ environment: string }>({
    text: 'SELECT DISTINCT environment FROM courses ORDER BY environment',
  });
  return rows.map(({ environment }) => environment);
}
