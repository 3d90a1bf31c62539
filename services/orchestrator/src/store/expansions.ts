import { storableJson } from '@duofactory/contracts';
import type { EndOfTask, Expansion, Piece, ResultRow, WaitingRow } from '@duofactory/engine';
import type { OfRun } from './insert-rows.js';
import type { Transaction, WriteTransaction } from './transaction.js';

/** Of a join's expansion; samples of tasks begin at 1. */
const OF_JOIN = 0;
/** Of samples that are counted, and have no rows yet. */
const OF_SAMPLES = -1;

/** So many samples of a payload. */
export interface UnbornSamples {
  readonly block: string;
  readonly key: string;
  readonly ord: readonly number[];
  readonly first: number;
  readonly last: number;
}

// $1 run, $2 block, $3 key, $4 sample, $5 piece, $6 payloads, $7 how many results they are, $8 are used up, $9 how the task ends
const STORE = `INSERT INTO expansions (run, block, key, sample, piece, payloads, results, used_up, ends)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/** Waits for each piece, so that no more of their text is held at once. */
export async function storeExpansion(tx: Transaction, expansion: OfRun<Expansion>): Promise<void> {
  const { run, block, key, pieces, usedUp = [] } = expansion;
  const ofTask = expansion.of === 'task';
  const sample = ofTask ? expansion.sample : OF_JOIN;
  const ends = ofTask && expansion.ends ? storableJson(expansion.ends) : null;
  for (const [piece, rows] of [...pieces, ...usedUp].entries()) {
    const isUsedUp = piece >= pieces.length;
    const results = ofTask && !isUsedUp ? rows.length : 0;
    const payloads = storableJson(rows.map(withoutPlace));
    const values = [run, block, key, sample, piece, payloads, results, isUsedUp, ends];
    await tx.query({ name: 'store-expansion', text: STORE, values });
  }
}

/** To be taken as pieces of their own. */
export function storeSamples(tx: WriteTransaction, samples: readonly OfRun<UnbornSamples>[]): void {
  for (const { run, block, key, ord, first, last } of samples) {
    const range = storableJson([{ ord, first, last }]);
    const values = [run, block, key, OF_SAMPLES, first, range, 0, false, null];
    tx.send({ name: 'store-expansion', text: STORE, values });
  }
}

/** Without what the row says of all of them. */
function withoutPlace(payload: object): object {
  const { block: _, group: __, ...rest } = payload as { block?: string; group?: string };
  return rest;
}

// $1 run
const TAKE = `
  WITH first AS (
    SELECT block, key, sample, piece FROM expansions WHERE run = $1 ORDER BY block, key, sample, piece LIMIT 1)
  DELETE FROM expansions e USING first f
  WHERE e.run = $1 AND e.block = f.block AND e.key = f.key AND e.sample = f.sample AND e.piece = f.piece
  RETURNING e.block, e.key, e.sample, e.payloads, e.used_up AS "isUsedUp", e.ends, NOT EXISTS (
    SELECT FROM expansions o WHERE o.run = $1 AND o.block = e.block AND o.key = e.key AND o.sample = e.sample
      AND o.piece > e.piece) AS last`;

/** Takes the first piece that is left of a run. The run's lock is held, so nobody else takes it too. */
export async function takePiece(
  tx: Transaction,
  run: string,
): Promise<Piece | ({ readonly of: 'samples' } & UnbornSamples) | undefined> {
  const { rows } = await tx.query<{
    block: string;
    key: string;
    sample: number;
    payloads: (Omit<ResultRow, 'block'> &
      Omit<WaitingRow, 'block' | 'group'> &
      Omit<UnbornSamples, 'block' | 'key'>)[];
    isUsedUp: boolean;
    ends: EndOfTask | null;
    last: boolean;
  }>({ name: 'take-piece', text: TAKE, values: [run] });
  const [row] = rows;
  if (!row) return undefined;
  const { block, key, sample, isUsedUp, last } = row;
  if (sample === OF_SAMPLES) return { of: 'samples', ...row.payloads[0]!, block, key };
  const payloads = isUsedUp ? [] : row.payloads.map((one) => ({ block, ...one }));
  const used = isUsedUp ? { usedUp: row.payloads.map((one) => ({ block, group: key, ...one })) } : {};
  if (sample === OF_JOIN) return { of: 'join', block, key, payloads, last, ...used };
  return { of: 'task', block, key, sample, payloads, last, ...used, ...(row.ends ? { ends: row.ends } : {}) };
}

// $1 run
const UNBORN = `SELECT coalesce(sum(results), 0)::int AS results FROM expansions WHERE run = $1`;

/** How many results a run will have that are made and not born. */
export async function countUnborn(tx: Transaction, run: string): Promise<number> {
  const { rows } = await tx.query<{ results: number }>({ name: 'count-unborn', text: UNBORN, values: [run] });
  return rows[0]!.results;
}

// $1 how many
const RUNS = `SELECT e.run FROM (SELECT run FROM expansions UNION SELECT run FROM unfinished_steps) e
  JOIN runs r ON r.id = e.run WHERE r.ended_at IS NULL ORDER BY e.run LIMIT $1`;

/** Runs of which something is still to be born, or to be done. */
export async function findExpandingRuns(tx: Transaction, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ run: string }>({ name: 'find-expanding', text: RUNS, values: [limit] });
  return rows.map(({ run }) => run);
}

// $1 runs
const FORGET = `DELETE FROM expansions WHERE run = ANY($1::uuid[])`;

/** Of runs that nothing goes on with: what of their joins was cut short will not be born. */
export function forgetExpansions(tx: WriteTransaction, runs: readonly string[]): void {
  if (runs.length === 0) return;
  tx.send({ name: 'forget-expansions', text: FORGET, values: [runs] });
}
