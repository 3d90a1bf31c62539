import type { Queryable } from '@duofactory/platform';

// $1 runs, $2 their status
const END = `UPDATE episode_versions v SET run_status = r.status
  FROM unnest($1::uuid[], $2::text[]) AS r(run, status) WHERE v.run = r.run AND v.run_status <> r.status`;

/** All versions that a run made say how it ended. */
export async function endRuns(
  db: Queryable,
  runs: readonly { run: string; status: string }[],
): Promise<void> {
  await db.query({ text: END, values: [runs.map(({ run }) => run), runs.map(({ status }) => status)] });
}
