import type { Usage } from '@duofactory/contracts';
import type { Transaction } from './transaction.js';

// $1 run, $2 blocks, $3 keys
const READ = `SELECT a.usage FROM tasks t
  JOIN unnest($2::text[], $3::text[]) AS w(block, key) ON t.block = w.block AND t.key = w.key
  JOIN all_attempts a ON a.task = t.id
  WHERE t.run = $1 AND a.usage IS NOT NULL`;

/** What the attempts of these tasks used, each settled or not: all of it was paid. */
export async function readUsage(
  tx: Transaction,
  run: string,
  tasks: readonly { block: string; key: string }[],
): Promise<Usage[]> {
  const values = [run, tasks.map(({ block }) => block), tasks.map(({ key }) => key)];
  const { rows } = await tx.query<{ usage: Usage[] }>({ text: READ, values });
  return rows.flatMap(({ usage }) => usage);
}
