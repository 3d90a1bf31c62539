import type { Queryable } from '@duofactory/platform';

export interface PastComparison {
  readonly prompt: string;
  /** The version that was compared with. */
  readonly since: number;
  /** Of the definition that was compared. */
  readonly hash: string;
  readonly inputs: number;
  readonly better: number;
  readonly same: number;
  readonly worse: number;
  readonly unjudged: number;
  readonly at: Date;
}

// $1 prompt, $2 since, $3 hash, $4 inputs, $5 better, $6 same, $7 worse, $8 unjudged, $9 now
const KEEP = `INSERT INTO prompt_comparisons
  (prompt, since, hash, inputs, better, same, worse, unjudged, compared_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (prompt, since, hash) DO UPDATE SET inputs = excluded.inputs, better = excluded.better,
    same = excluded.same, worse = excluded.worse, unjudged = excluded.unjudged, compared_at = excluded.compared_at`;

/** The latest outcome stands for the two. */
export async function keepComparison(db: Queryable, of: PastComparison): Promise<void> {
  const { prompt, since, hash, inputs, better, same, worse, unjudged, at } = of;
  await db.query({ text: KEEP, values: [prompt, since, hash, inputs, better, same, worse, unjudged, at] });
}

// $1 prompt, $2 since or null, $3 hash or null, $4 how many
const LIST = `SELECT prompt, since, hash, inputs, better, same, worse, unjudged, compared_at AS at
  FROM prompt_comparisons WHERE prompt = $1 AND ($2::integer IS NULL OR since = $2) AND ($3::text IS NULL OR hash = $3)
  ORDER BY compared_at DESC LIMIT $4`;

/** Newest first. */
export async function listComparisons(
  db: Queryable,
  of: { prompt: string; since: number | undefined; hash: string | undefined; limit: number },
): Promise<PastComparison[]> {
  const values = [of.prompt, of.since ?? null, of.hash ?? null, of.limit];
  return (await db.query<PastComparison>({ text: LIST, values })).rows;
}
