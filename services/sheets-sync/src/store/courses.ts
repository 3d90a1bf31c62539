import { storableJson, type CourseDefinition } from '@duofactory/contracts';
import type { Queryable } from '@duofactory/platform';

export interface CourseVersion {
  readonly course: string;
  readonly version: number;
  readonly hash: string;
  readonly document: CourseDefinition;
  readonly publishedAt: Date;
}

// $1 course, $2 version or null for the latest
const READ = `SELECT v.course, v.version, v.hash, v.document, v.published_at AS "publishedAt"
  FROM course_versions v JOIN courses c ON c.id = v.course
  WHERE v.course = $1 AND v.version = coalesce($2::int, c.latest)`;

export async function readCourse(
  tx: Queryable,
  course: string,
  version: number | null,
): Promise<CourseVersion | undefined> {
  return (await tx.query<CourseVersion>({ name: 'read-course', text: READ, values: [course, version] }))
    .rows[0];
}

export interface CourseSummary {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly language: string;
  readonly from: string;
  readonly units: number;
  readonly publishedAt: Date;
}

const LIST = `SELECT c.id, v.version, v.document->>'title' AS title, v.document->>'language' AS language,
  v.document->>'from' AS "from", jsonb_array_length(v.document->'units') AS units, v.published_at AS "publishedAt"
  FROM courses c JOIN course_versions v ON v.course = c.id AND v.version = c.latest ORDER BY c.id`;

export async function listCourses(tx: Queryable): Promise<CourseSummary[]> {
  return (await tx.query<CourseSummary>({ text: LIST })).rows;
}

// $1 course, $2 now
const ENSURE = `INSERT INTO courses (id, updated_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
// $1 course
const LOCK = `SELECT latest FROM courses WHERE id = $1 FOR UPDATE`;
// $1 course, $2 version, $3 hash, $4 document, $5 now
const INSERT = `INSERT INTO course_versions (course, version, hash, document, published_at) VALUES ($1, $2, $3, $4, $5)`;
// $1 course, $2 version, $3 now
const POINT = `UPDATE courses SET latest = $2, updated_at = $3 WHERE id = $1`;

/** The document becomes the course's next version, unless its latest has the same hash. */
export async function addCourseVersion(
  tx: Queryable,
  of: Omit<CourseVersion, 'version'>,
): Promise<{ version: number; created: boolean }> {
  await tx.query({ text: ENSURE, values: [of.course, of.publishedAt] });
  const { rows } = await tx.query<{ latest: number | null }>({ text: LOCK, values: [of.course] });
  const latest = rows[0]!.latest ?? 0;
  if (latest > 0 && (await readCourse(tx, of.course, latest))?.hash === of.hash)
    return { version: latest, created: false };
  const version = latest + 1;
  const values = [of.course, version, of.hash, storableJson(of.document), of.publishedAt];
  await tx.query({ text: INSERT, values });
  await tx.query({ text: POINT, values: [of.course, version, of.publishedAt] });
  return { version, created: true };
}
