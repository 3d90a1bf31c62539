import type { Queryable } from '@duofactory/platform';

export interface StoredRow {
  /** Of the row in its source, from 1, without the header. */
  readonly ordinal: number;
  readonly key: string | null;
  /** In the order of the columns; may be shorter. */
  readonly cells: readonly unknown[];
}

// $1 content, $2 ordinals, $3 keys, $4 cells
const INSERT = `
  INSERT INTO table_rows (content, ordinal, key, cells)
  SELECT $1, r.ordinal, r.key, r.cells FROM unnest($2::int[], $3::text[], $4::jsonb[]) AS r(ordinal, key, cells)`;

export async function insertRows(
  tx: Queryable,
  content: string,
  rows: readonly { ordinal: number; key: string | null; json: string }[],
): Promise<void> {
  const values = [content, rows.map((r) => r.ordinal), rows.map((r) => r.key), rows.map((r) => r.json)];
  await tx.query({ name: 'insert-rows', text: INSERT, values });
}

// $1 content
const REPEATED = `
  SELECT key, (array_agg(ordinal ORDER BY ordinal))[1:2] AS ordinals FROM table_rows
  WHERE content = $1 AND key IS NOT NULL GROUP BY key HAVING count(*) > 1 ORDER BY min(ordinal) LIMIT 1`;

export async function findRepeatedKey(
  tx: Queryable,
  content: string,
): Promise<{ key: string; ordinals: [number, number] } | undefined> {
  const { rows } = await tx.query<{ key: string; ordinals: [number, number] }>({
    text: REPEATED,
    values: [content],
  });
  return rows[0];
}

// $1 content, $2 after this ordinal, $3 limit, $4 positions of columns, $5 their texts
const PAGE = `
  SELECT ordinal, key, cells FROM table_rows
  WHERE content = $1 AND ordinal > $2
    AND NOT EXISTS (
      SELECT FROM unnest($4::int[], $5::text[]) AS w(at, text) WHERE (cells ->> w.at) IS DISTINCT FROM w.text)
  ORDER BY ordinal LIMIT $3`;

export async function readRows(
  tx: Queryable,
  of: {
    content: string;
    after: number;
    limit: number;
    where: readonly { at: number; text: string }[];
  },
): Promise<StoredRow[]> {
  const values = [
    of.content,
    of.after,
    of.limit,
    of.where.map(({ at }) => at),
    of.where.map(({ text }) => text),
  ];
  return (await tx.query<StoredRow>({ name: 'read-rows', text: PAGE, values })).rows;
}
