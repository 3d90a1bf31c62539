import type { Transaction } from './transaction.js';

// $1 run, $2 block, $3 segments of a key
const UNDER = `
  SELECT EXISTS (SELECT FROM tasks WHERE run = $1 AND block = $2 AND string_to_array(key, '/') @> $3::text[]) AS matched,
    ARRAY(SELECT key FROM (SELECT DISTINCT ord, key FROM tasks WHERE run = $1 AND block = $2 ORDER BY ord, key LIMIT 3) t)
      AS some`;

/** Whether a block has tasks whose keys have all segments of this one, and a few of the keys that it has. */
export async function keysUnder(
  tx: Transaction,
  run: string,
  block: string,
  key: string,
): Promise<{ matched: boolean; some: string[] }> {
  const values = [run, block, key.split('/')];
  return (await tx.query<{ matched: boolean; some: string[] }>({ text: UNDER, values })).rows[0]!;
}
