import type { DueTask } from './promote-ready.js';
import type { Transaction } from './transaction.js';

// Always in one order: two processes write the same rows. $1 types, $2 times
const KEEP = `
  UPDATE block_types b SET signed_at = greatest(b.signed_at, s.at)
  FROM (SELECT type, s.at FROM unnest($1::text[], $2::timestamptz[]) AS s(type, at) JOIN block_types USING (type)
    ORDER BY type FOR NO KEY UPDATE OF block_types) s
  WHERE b.type = s.type`;

/** When these block types gave a sign; an earlier time changes nothing. */
export async function keepSigns(tx: Transaction, signs: ReadonlyMap<string, Date>): Promise<void> {
  if (signs.size === 0) return;
  await tx.query({ name: 'keep-signs', text: KEEP, values: [[...signs.keys()], [...signs.values()]] });
}

// A service announces its types when it starts.
const READ = `SELECT type, greatest(signed_at, registered_at) AS at FROM block_types`;

export async function readSigns(tx: Transaction): Promise<Map<string, Date>> {
  const { rows } = await tx.query<{ type: string; at: Date }>({ name: 'read-signs', text: READ });
  return new Map(rows.map(({ type, at }) => [type, at]));
}

/** A block of one version whose type is silent. */
export interface SilentBlock {
  readonly workflow: string;
  readonly version: number;
  readonly block: string;
  readonly askedBefore: Date;
}

// $1 workflows, $2 versions, $3 blocks, $4 asked before, $5 how many
const UNANSWERED = `
  SELECT t.id, t.run, s.asked_before AS "askedBefore"
  FROM unnest($1::text[], $2::int[], $3::text[], $4::timestamptz[]) AS s(workflow, version, block, asked_before)
  JOIN runs r ON r.workflow = s.workflow AND r.version = s.version AND r.ended_at IS NULL
  JOIN tasks t ON t.run = r.id AND t.block = s.block
  WHERE t.status = 'requested' AND t.requested_at <= s.asked_before
    AND (t.begun_at IS NULL OR t.begun_at < t.requested_at)
  LIMIT $5`;

/** Attempts at such blocks that nobody has begun. */
export async function findUnanswered(
  tx: Transaction,
  blocks: readonly SilentBlock[],
  limit: number,
): Promise<DueTask[]> {
  const values = [
    blocks.map(({ workflow }) => workflow),
    blocks.map(({ version }) => version),
    blocks.map(({ block }) => block),
    blocks.map(({ askedBefore }) => askedBefore),
    limit,
  ];
  return (await tx.query<DueTask>({ name: 'find-unanswered', text: UNANSWERED, values })).rows;
}
