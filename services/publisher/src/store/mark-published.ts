import type { Transaction } from '@duofactory/platform';

// $1 environment, $2 episode, $3 version, $4 now
const VERSION = `UPDATE episode_versions SET state = 'published', published_at = $4
  WHERE environment = $1 AND episode = $2 AND version = $3 AND state = 'publishing'`;
const EPISODE = `UPDATE episodes SET version = $3, status = 'published', updated_at = $4
  WHERE environment = $1 AND id = $2 AND (version IS NULL OR version < $3)`;

/** Whether this call published it: false, if it was published before. */
export async function markPublished(
  tx: Transaction,
  of: { environment: string; episode: string; version: number; now: Date },
): Promise<boolean> {
  const values = [of.environment, of.episode, of.version, of.now];
  // The newest version stays current, in whichever order two are published.
  await tx.query({ text: EPISODE, values });
  return (await tx.query({ text: VERSION, values })).rowCount === 1;
}

// $1 environment, $2 id, $3 from, $4 to
const COURSE = `INSERT INTO courses (environment, id, "from", "to") VALUES ($1, $2, $3, $4)
  ON CONFLICT (environment, id) DO UPDATE SET "from" = excluded."from", "to" = excluded."to"`;
// $1 environment, $2 course, $3 id, $4 name, $5 level
const NODE = `INSERT INTO nodes (environment, course, id, name, level) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (environment, course, id) DO UPDATE SET name = excluded.name, level = excluded.level`;

export async function keepPlace(
  tx: Transaction,
  environment: string,
  course: { id: string; from: string; to: string },
  node: { id: string; name: string; level: string },
): Promise<void> {
  await tx.query({ text: COURSE, values: [environment, course.id, course.from, course.to] });
  await tx.query({ text: NODE, values: [environment, course.id, node.id, node.name, node.level] });
}
