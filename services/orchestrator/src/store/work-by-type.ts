import type { Transaction } from './transaction.js';

/** What became of one block's tasks, over the newest runs. */
export interface EndedTasks {
  workflow: string;
  version: number;
  block: string;
  done: number;
  failed: number;
  /** The newest run in which one failed. */
  failedIn: string | null;
  failedInAt: Date | null;
}

// The counters of the blocks, not the tasks. $1 since, $2 how many runs
const ENDED = `
  SELECT r.workflow, r.version, b.block, sum(b.done)::int AS done, sum(b.failed)::int AS failed,
    (array_agg(r.id ORDER BY r.created_at DESC) FILTER (WHERE b.failed > 0))[1] AS "failedIn",
    max(r.created_at) FILTER (WHERE b.failed > 0) AS "failedInAt"
  FROM (SELECT id, workflow, version, created_at FROM runs WHERE created_at >= $1
    ORDER BY created_at DESC, id DESC LIMIT $2) r
  JOIN blocks b ON b.run = r.id
  GROUP BY r.workflow, r.version, b.block`;

/** Of runs that began since, the newest so many. */
export async function countEndedTasks(tx: Transaction, since: Date, most: number): Promise<EndedTasks[]> {
  return (await tx.query<EndedTasks>({ name: 'count-ended-tasks', text: ENDED, values: [since, most] })).rows;
}

export interface OldestRequest {
  workflow: string;
  version: number;
  block: string;
  run: string;
  task: string;
  requestedAt: Date;
}

// Tasks of a block are asked for in their order: the first that is still out is the oldest, but for those tried again. No
// index knows which tasks are out: so not every open block is looked at, but those of the runs that began first.
const OLDEST = `
  SELECT DISTINCT ON (o.workflow, o.version, o.block) o.workflow, o.version, o.block, o.id AS run, t.id AS task,
    t.requested_at AS "requestedAt"
  FROM (SELECT r.id, r.workflow, r.version, b.block FROM runs r JOIN blocks b ON b.run = r.id
    WHERE r.ended_at IS NULL AND NOT b.closed AND b.requested > 0 ORDER BY r.created_at, r.id LIMIT 500) o
  CROSS JOIN LATERAL (SELECT id, requested_at FROM tasks WHERE run = o.id AND block = o.block AND status = 'requested'
    ORDER BY ord LIMIT 1) t
  ORDER BY o.workflow, o.version, o.block, t.requested_at`;

/** What services were asked for and have not answered: the oldest of each block, over the 500 open blocks whose runs began first. */
export async function oldestRequests(tx: Transaction): Promise<OldestRequest[]> {
  return (await tx.query<OldestRequest>({ name: 'oldest-requests', text: OLDEST })).rows;
}
