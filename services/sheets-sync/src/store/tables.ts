import type { Queryable } from '@duofactory/platform';

export interface TableVersion {
  readonly table: string;
  readonly version: number;
  readonly content: string;
  readonly hash: string;
  readonly columns: readonly string[];
  readonly keyColumn: string | null;
  readonly rowCount: number;
  readonly publishedAt: Date;
}

const FIELDS = `v."table", v.version, v.content, v.hash, v.columns, v.key_column AS "keyColumn",
  v.row_count AS "rowCount", v.published_at AS "publishedAt"`;

// $1 table, $2 version or null for the latest
const READ = `SELECT ${FIELDS} FROM table_versions v JOIN tables t ON t.id = v."table"
  WHERE v."table" = $1 AND v.version = coalesce($2::int, t.latest)`;

export async function readTable(
  tx: Queryable,
  table: string,
  version: number | null,
): Promise<TableVersion | undefined> {
  return (await tx.query<TableVersion>({ name: 'read-table', text: READ, values: [table, version] })).rows[0];
}

const LIST = `SELECT ${FIELDS} FROM tables t JOIN table_versions v ON v."table" = t.id AND v.version = t.latest
  ORDER BY t.id`;

export async function listTables(tx: Queryable): Promise<TableVersion[]> {
  return (await tx.query<TableVersion>({ text: LIST })).rows;
}

// $1 table, $2 now
const ENSURE = `INSERT INTO tables (id, updated_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
// $1 table
const LOCK = `SELECT latest FROM tables WHERE id = $1 FOR UPDATE`;
// $1 table, $2 version, $3 content, $4 hash, $5 columns, $6 key column, $7 rows, $8 now
const INSERT = `INSERT INTO table_versions
  ("table", version, content, hash, columns, key_column, row_count, published_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;
// $1 table, $2 version, $3 now
const POINT = `UPDATE tables SET latest = $2, updated_at = $3 WHERE id = $1`;

/** The content becomes the table's next version, unless its latest has the same hash. */
export async function addTableVersion(
  tx: Queryable,
  of: Omit<TableVersion, 'version'>,
): Promise<{ version: number; created: boolean }> {
  await tx.query({ text: ENSURE, values: [of.table, of.publishedAt] });
  const { rows } = await tx.query<{ latest: number | null }>({ text: LOCK, values: [of.table] });
  const latest = rows[0]!.latest ?? 0;
  if (latest > 0 && (await readTable(tx, of.table, latest))?.hash === of.hash)
    return { version: latest, created: false };
  const version = latest + 1;
  const values = [
    of.table,
    version,
    of.content,
    of.hash,
    of.columns,
    of.keyColumn,
    of.rowCount,
    of.publishedAt,
  ];
  await tx.query({ text: INSERT, values });
  await tx.query({ text: POINT, values: [of.table, version, of.publishedAt] });
  return { version, created: true };
}
