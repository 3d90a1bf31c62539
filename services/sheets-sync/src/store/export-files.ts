import type { Ref } from '@duofactory/contracts';
import type { Queryable, Transaction } from '@duofactory/platform';

const ONE_AT_A_TIME = `SELECT pg_advisory_xact_lock(hashtextextended('export files', 0))`;

// $1 hash, $2 name, $3 object, $4 media type, $5 size in bytes, $6 now
const KEEP = `INSERT INTO export_files (hash, name, object, media_type, size_bytes, made_at)
  SELECT $1, $2, $3, $4, $5, $6 WHERE NOT EXISTS (SELECT FROM export_files WHERE hash = $1 AND deleting_until IS NOT NULL)
  ON CONFLICT (hash, name) DO UPDATE SET made_at = excluded.made_at, removed_at = NULL`;

/** false: an object of that hash is being deleted. */
export async function keepExportFile(
  tx: Transaction,
  { hash, name, object, mediaType, sizeBytes, now }: Ref & { hash: string; name: string; now: Date },
): Promise<boolean> {
  tx.send({ text: ONE_AT_A_TIME });
  const { rowCount } = await tx.query({
    text: KEEP,
    values: [hash, name, object, mediaType, sizeBytes, now],
  });
  return rowCount === 1;
}

// $1 hash, $2 name
const FIND = `SELECT object, media_type AS "mediaType", size_bytes::float8 AS "sizeBytes",
    removed_at IS NOT NULL AS removed
  FROM export_files WHERE hash = $1 AND name = $2`;

export async function findExportFile(
  db: Queryable,
  hash: string,
  name: string,
): Promise<(Ref & { removed: boolean }) | undefined> {
  return (await db.query<Ref & { removed: boolean }>({ text: FIND, values: [hash, name] })).rows[0];
}

// $1 made before, $2 now
const REMOVE = `UPDATE export_files SET removed_at = $2 WHERE removed_at IS NULL AND made_at < $1`;

export async function removeExportFiles(
  db: Queryable,
  { madeBefore, now }: { madeBefore: Date; now: Date },
): Promise<void> {
  await db.query({ text: REMOVE, values: [madeBefore, now] });
}

// $1 removed before, $2 how many, $3 claimed until, $4 now
const CLAIM = `UPDATE export_files SET deleting_until = $3
  WHERE hash IN (
    SELECT hash FROM export_files AS due
    WHERE removed_at < $1 AND (deleting_until IS NULL OR deleting_until < $4)
      AND NOT EXISTS (
        SELECT FROM export_files AS other WHERE other.hash = due.hash
          AND (other.removed_at IS NULL OR other.removed_at >= $1)
      )
    ORDER BY removed_at LIMIT $2
  )
  RETURNING hash, object`;

/** Objects of which every file was removed before a moment: until they are forgotten, none of them can be kept. */
export async function claimRemovedExports(
  tx: Transaction,
  { removedBefore, most, until, now }: { removedBefore: Date; most: number; until: Date; now: Date },
): Promise<{ hash: string; object: string }[]> {
  tx.send({ text: ONE_AT_A_TIME });
  const found = await tx.query<{ hash: string; object: string }>({
    text: CLAIM,
    values: [removedBefore, most, until, now],
  });
  return [...new Map(found.rows.map((one) => [one.hash, one])).values()];
}

// $1 hash, $2 claimed until
const FORGET = `DELETE FROM export_files WHERE hash = $1 AND deleting_until = $2`;

export async function forgetExport(db: Queryable, hash: string, until: Date): Promise<void> {
  await db.query({ text: FORGET, values: [hash, until] });
}
