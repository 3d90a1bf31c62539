import { storableJson } from '@duofactory/contracts';
import type { Transaction } from '@duofactory/platform';

export interface EpisodePlace {
  readonly id: string;
  readonly environment: string;
  readonly course: string;
  readonly node: string;
  readonly slot: number;
  readonly wrapper: string;
}

export interface VersionRow {
  readonly version: number;
  readonly hash: string;
  readonly task: string;
  readonly state: 'publishing' | 'published' | 'superseded' | 'recalled';
  readonly object: string;
}

// $1 environment, $2 id, $3 course, $4 node, $5 slot, $6 wrapper, $7 now
const ENSURE = `INSERT INTO episodes (environment, id, course, node, slot, wrapper, status, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, 'publishing', $7) ON CONFLICT DO NOTHING`;
// $1 environment, $2 id, $3 now, $4 attempts to count
const LOCK = `UPDATE episodes SET attempts = attempts + $4, updated_at = $3 WHERE environment = $1 AND id = $2 RETURNING listed`;
// $1 environment, $2 id
const VERSIONS = `SELECT version, hash, task, state, object FROM episode_versions
  WHERE environment = $1 AND episode = $2 ORDER BY version DESC`;

/**
 * Takes the episode's lock until the commit. Its versions, newest first, and the one that is listed. `isAttempt`: content
 * is to be published, not an editor's own change of what is there.
 */
export async function lockEpisode(
  tx: Transaction,
  { environment, id, course, node, slot, wrapper }: EpisodePlace,
  { now, isAttempt }: { now: Date; isAttempt: boolean },
): Promise<{ current: number | null; versions: VersionRow[] }> {
  await tx.query({ text: ENSURE, values: [environment, id, course, node, slot, wrapper, now] });
  const values = [environment, id, now, isAttempt ? 1 : 0];
  const locked = await tx.query<{ listed: number | null }>({ text: LOCK, values });
  const { rows } = await tx.query<VersionRow>({ text: VERSIONS, values: [environment, id] });
  return { current: locked.rows[0]?.listed ?? null, versions: rows };
}

// $1 environment, $2 episode, $3 version
const FORGET = `DELETE FROM episode_versions
  WHERE environment = $1 AND episode = $2 AND version = $3 AND state = 'publishing'`;

/** A version that was reserved, and that no reader can have had. */
export async function forgetVersion(
  tx: Transaction,
  { environment, id, version }: { environment: string; id: string; version: number },
): Promise<void> {
  await tx.query({ text: FORGET, values: [environment, id, version] });
}

// $1 environment, $2 episode, $3 version, $4 hash, $5 task, $6 run, $7 title, $8 viability, $9 schema version, $10 object,
// $11 audio, $12 provenance, $13 now, $14 status of the run, $15 block
const RESERVE = `INSERT INTO episode_versions (environment, episode, version, hash, task, run, state, title, viability,
    schema_version, object, audio, provenance, created_at, run_status, block)
  VALUES ($1, $2, $3, $4, $5, $6, 'publishing', $7, $8, $9, $10, $11, $12, $13, $14, $15)`;

export async function reserveVersion(
  tx: Transaction,
  of: {
    environment: string;
    episode: string;
    version: number;
    hash: string;
    task: string;
    run: string;
    runStatus: string;
    block: string | null;
    title: string;
    viability: number;
    schemaVersion: number;
    object: string;
    audio: unknown;
    provenance: unknown;
    now: Date;
  },
): Promise<void> {
  const values = [
    of.environment,
    of.episode,
    of.version,
    of.hash,
    of.task,
    of.run,
    of.title,
    of.viability,
    of.schemaVersion,
    of.object,
    storableJson(of.audio),
    storableJson(of.provenance),
    of.now,
    of.runStatus,
    of.block,
  ];
  await tx.query({ text: RESERVE, values });
}
