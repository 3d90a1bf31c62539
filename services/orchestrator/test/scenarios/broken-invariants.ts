import type { Database } from '@duofactory/platform';

/** Each query finds what must not be. */
const CHECKS: Record<string, string> = {
  "a block's open work equals its open tasks, waiting payloads and unfired groups": `
    SELECT b.block FROM blocks b WHERE b.run = $1 AND b.open_work <>
      (SELECT count(*) FROM tasks t WHERE t.run = b.run AND t.block = b.block AND t.status IN ('evaluating','ready','requested','backoff','failed'))
      + (SELECT count(*) FROM waiting w JOIN groups g ON g.run = w.run AND g.block = w.block AND g.key = w."group"
         WHERE w.run = b.run AND w.block = b.block AND (g.state = 'open' OR EXISTS (SELECT 1 FROM tasks t
           WHERE t.run = w.run AND t.block = w.block AND t.key = w."group" AND t.status IN ('ready','requested','backoff','failed'))))
      + (SELECT count(*) FROM groups g WHERE g.run = b.run AND g.block = b.block AND g.state = 'open')`,
  "the run's open work is the sum of its blocks'": `
    SELECT r.id FROM runs r WHERE r.id = $1 AND r.open_work <> (SELECT sum(open_work) FROM blocks WHERE run = $1)`,
  'counters of ready and requested tasks equal their recounts': `
    SELECT b.block FROM blocks b WHERE b.run = $1 AND (
      b.ready <> (SELECT count(*) FROM tasks t WHERE t.run = b.run AND t.block = b.block AND t.status = 'ready')
      OR b.requested <> (SELECT count(*) FROM tasks t WHERE t.run = b.run AND t.block = b.block AND t.status = 'requested'))`,
  'an ended run has no requested task': `
    SELECT t.id FROM tasks t JOIN runs r ON r.id = t.run WHERE r.id = $1 AND r.ended_at IS NOT NULL AND t.status = 'requested'`,
  'a run that ended well has no open work': `
    SELECT id FROM runs WHERE id = $1 AND status IN ('completed', 'partial') AND open_work <> 0`,
  'every group of a run that ended well has fired': `
    SELECT g.block || ' ' || g.key FROM groups g JOIN runs r ON r.id = g.run
    WHERE r.id = $1 AND r.status IN ('completed', 'partial') AND (g.state = 'open' OR g.open_work <> 0)`,
  'the outbox is empty': `SELECT id FROM outbox WHERE $1::uuid IS NOT NULL`,
};

/** The names of the invariants that do not hold for a run, recounted from the tables. */
export async function brokenInvariants(database: Database, run: string): Promise<string[]> {
  const broken: string[] = [];
  for (const [name, text] of Object.entries(CHECKS)) {
    const { rows } = await database.query({ text, values: [run] });
    if (rows.length > 0) broken.push(`${name}: ${JSON.stringify(rows.slice(0, 5))}`);
  }
  return broken;
}
