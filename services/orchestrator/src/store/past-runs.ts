import type { Transaction } from './transaction.js';

export interface PastRun {
  id: string;
  durationMs: number;
}

// Reruns took over what was made before: they say nothing of a fresh one. $1 workflow, $2 how many
const PAST = `
  SELECT id, (extract(epoch FROM ended_at - created_at) * 1000)::float8 AS "durationMs" FROM runs
  WHERE workflow = $1 AND status IN ('completed', 'partial') AND rerun_of IS NULL
  ORDER BY created_at DESC, id DESC LIMIT $2`;

/** The last runs of a workflow that came to their end, newest first. */
export async function pastRuns(tx: Transaction, workflow: string, limit: number): Promise<PastRun[]> {
  return (await tx.query<PastRun>({ text: PAST, values: [workflow, limit] })).rows;
}
