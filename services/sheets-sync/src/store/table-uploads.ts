import type { Queryable } from '@duofactory/platform';

// $1 content, $2 now
const BEGIN = `INSERT INTO table_uploads (content, started_at) VALUES ($1, $2)`;

export async function beginUpload(tx: Queryable, content: string, now: Date): Promise<void> {
  await tx.query({ text: BEGIN, values: [content, now] });
}

// $1 content
const END = `DELETE FROM table_uploads WHERE content = $1`;

/** false: it was swept meanwhile, and its rows with it. */
export async function endUpload(tx: Queryable, content: string): Promise<boolean> {
  return (await tx.query({ text: END, values: [content] })).rowCount === 1;
}

// $1 content
const DISCARD = `
  WITH ended AS (DELETE FROM table_uploads WHERE content = $1)
  DELETE FROM table_rows WHERE content = $1`;

export async function discardUpload(tx: Queryable, content: string): Promise<void> {
  await tx.query({ text: DISCARD, values: [content] });
}

// $1 started before
const SWEEP = `
  WITH dead AS (DELETE FROM table_uploads WHERE started_at < $1 RETURNING content)
  DELETE FROM table_rows WHERE content IN (SELECT content FROM dead)`;

/** What processes that died left. */
export async function sweepUploads(tx: Queryable, startedBefore: Date): Promise<void> {
  await tx.query({ text: SWEEP, values: [startedBefore] });
}
