import type { Ref } from '@duofactory/contracts';
import type { Queryable } from '@duofactory/platform';

// $1 hash, $2 name, $3 object, $4 media type, $5 size in bytes, $6 now
const INSERT = `INSERT INTO export_files (hash, name, object, media_type, size_bytes, made_at)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`;

export async function insertExportFile(
  db: Queryable,
  { hash, name, object, mediaType, sizeBytes, now }: Ref & { hash: string; name: string; now: Date },
): Promise<void> {
  await db.query({ text: INSERT, values: [hash, name, object, mediaType, sizeBytes, now] });
}

// $1 hash, $2 name
const FIND = `SELECT object, media_type AS "mediaType", size_bytes::float8 AS "sizeBytes" FROM export_files
  WHERE hash = $1 AND name = $2`;

export async function findExportFile(db: Queryable, hash: string, name: string): Promise<Ref | undefined> {
  return (await db.query<Ref>({ text: FIND, values: [hash, name] })).rows[0];
}
