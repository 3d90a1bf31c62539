import type { Transaction } from '@duofactory/platform';

// $1 environment, $2 id, $3 from, $4 to
const COURSE = `INSERT INTO courses (environment, id, "from", "to") VALUES ($1, $2, $3, $4)
  ON CONFLICT (environment, id) DO UPDATE SET "from" = excluded."from", "to" = excluded."to"`;
// $1 environment, $2 course, $3 id, $4 name, $5 level
const NODE = `INSERT INTO nodes (environment, course, id, name, level) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (environment, course, id) DO UPDATE SET name = excluded.name, level = excluded.level`;

/** Enters a course and a node into the catalog. Has the course's lock until the commit, as `lockCourse`. */
export async function keepPlace(
  tx: Transaction,
  environment: string,
  course: { id: string; from: string; to: string },
  node: { id: string; name: string; level: string },
): Promise<void> {
  await tx.query({ text: COURSE, values: [environment, course.id, course.from, course.to] });
  await tx.query({ text: NODE, values: [environment, course.id, node.id, node.name, node.level] });
}
