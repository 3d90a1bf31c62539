import { storableJson } from '@duofactory/contracts';
import type { Queryable, Transaction } from '@duofactory/platform';

/** What went into an episode: a member of its provenance and the value that it has. */
export type RecallInput =
  | { readonly prompt: string }
  | { readonly evaluator: string }
  | { readonly row: string }
  | { readonly model: string }
  | { readonly voice: string }
  | { readonly run: string };

export interface AffectedVersion {
  readonly environment: string;
  readonly id: string;
  readonly course: string;
  readonly node: string;
  readonly slot: number;
  readonly wrapper: string;
  readonly title: string;
  readonly version: number;
  /** Readers get this very version. */
  readonly current: boolean;
  /** The newest version before it that readers could have had and that the input did not go into. */
  readonly cleanBefore: number | null;
}

// $1 environments, $2 part of the provenance
const AFFECTED = `SELECT e.environment, e.id, e.course, e.node, e.slot, e.wrapper, v.title, v.version,
    v.version IS NOT DISTINCT FROM e.listed AS current,
    (SELECT max(o.version) FROM episode_versions o
      WHERE o.environment = v.environment AND o.episode = v.episode AND o.version < v.version
        AND o.state IN ('published', 'superseded') AND NOT o.provenance @> $2::jsonb) AS "cleanBefore"
  FROM episode_versions v JOIN episodes e ON e.environment = v.environment AND e.id = v.episode
  WHERE v.environment = ANY ($1::text[]) AND v.provenance @> $2::jsonb AND v.state <> 'recalled'
  ORDER BY e.environment, e.course, e.node, e.slot, e.id, v.version`;

/** All versions that the input went into and that were not recalled before. */
export async function affectedVersions(
  db: Queryable,
  environments: readonly string[],
  provenance: object,
): Promise<AffectedVersion[]> {
  const values = [environments, storableJson(provenance)];
  return (await db.query<AffectedVersion>({ text: AFFECTED, values })).rows;
}

// $1 environments, $2 episodes, $3 versions
const MARK = `UPDATE episode_versions v SET state = 'recalled'
  FROM unnest($1::text[], $2::uuid[], $3::int[]) AS a(environment, id, version)
  WHERE v.environment = a.environment AND v.episode = a.id AND v.version = a.version`;

/** They can be neither rolled back to nor published again. */
export async function markRecalled(
  tx: Transaction,
  versions: readonly Pick<AffectedVersion, 'environment' | 'id' | 'version'>[],
): Promise<void> {
  const values = [
    versions.map(({ environment }) => environment),
    versions.map(({ id }) => id),
    versions.map(({ version }) => version),
  ];
  await tx.query({ text: MARK, values });
}

// $1 environment, $2 episode, $3 version
const IS_RECALLED = `SELECT 1 FROM episode_versions
  WHERE environment = $1 AND episode = $2 AND version = $3 AND state = 'recalled'`;

export async function isRecalled(
  db: Queryable,
  { environment, id, version }: { environment: string; id: string; version: number },
): Promise<boolean> {
  return (await db.query({ text: IS_RECALLED, values: [environment, id, version] })).rows.length > 0;
}

export interface Recall {
  readonly id: string;
  readonly input: RecallInput;
  readonly environments: string[];
  readonly remedy: 'unpublish' | 'rollback';
  readonly reason: string;
  readonly recalledBy: string;
  readonly recalledAt: Date;
  readonly episodes: { readonly environment: string; readonly episode: string; readonly version: number }[];
}

// $1 id, $2 input, $3 environments, $4 remedy, $5 reason, $6 by, $7 at, $8 episodes
const INSERT = `INSERT INTO recalls (id, input, environments, remedy, reason, recalled_by, recalled_at, episodes)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

export async function insertRecall(tx: Transaction, recall: Recall): Promise<void> {
  const { id, input, environments, remedy, reason, recalledBy, recalledAt, episodes } = recall;
  const values = [
    ...[id, storableJson(input), environments, remedy, reason, recalledBy, recalledAt],
    storableJson(episodes),
  ];
  await tx.query({ text: INSERT, values });
}

const RECALL = `id, input, environments, remedy, reason, recalled_by AS "recalledBy", recalled_at AS "recalledAt", episodes`;
// Newest first. $1 before (time), $2 before (id), $3 how many
const LIST = `SELECT ${RECALL} FROM recalls
  WHERE $1::timestamptz IS NULL OR (recalled_at, id) < ($1, $2::uuid) ORDER BY recalled_at DESC, id DESC LIMIT $3`;

export async function listRecalls(
  db: Queryable,
  { before, limit }: { before?: { at: Date; id: string }; limit: number },
): Promise<Recall[]> {
  return (await db.query<Recall>({ text: LIST, values: [before?.at ?? null, before?.id ?? null, limit] }))
    .rows;
}

export async function findRecall(db: Queryable, id: string): Promise<Recall | undefined> {
  return (await db.query<Recall>({ text: `SELECT ${RECALL} FROM recalls WHERE id = $1`, values: [id] }))
    .rows[0];
}
