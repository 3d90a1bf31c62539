import type { Queryable, Transaction } from '@duofactory/platform';
import { countedUnits } from './counted-units.js';

export const GROUPINGS = [
  'run',
  'workflow',
  'block',
  'prompt',
  'model',
  'voice',
  'engine',
  'kind',
  'day',
] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface LedgerFilter {
  readonly run?: string;
  readonly workflow?: string;
  readonly block?: string;
  readonly prompt?: string;
  readonly model?: string;
  /** `model`, `speech`. */
  readonly kind?: string;
  readonly voice?: string;
  readonly since?: Date;
  readonly until?: Date;
}

export interface LedgerSum {
  /** Of the run, the workflow …; null: none is known. */
  name: string | null;
  /** Calls that were answered and paid for. */
  calls: number;
  /** In US dollars, of the calls whose price is known. */
  cost: number;
  /** Calls whose price nobody knows: not in `cost`. */
  unpriced: number;
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  /** Of speech, as the vendor bills them. */
  characters: number;
  /** Answers that were used again instead of being paid for. */
  replays: number;
  /** What those would have cost. */
  saved: number;
  /** Calls whose end nobody saw: the vendor may have been paid for them. */
  ambiguous: number;
  lastAt: Date;
}

/** Rows from before there was another kind have none. */
const KIND = `coalesce(l.kind, 'model')`;
const MODEL = `concat_ws(' ', l.provider, l.model)`;
const ofKind = (kind: string, name: string): string => `CASE WHEN ${KIND} = '${kind}' THEN ${name} END`;
/** For whom an answer was used again; in rows from before that was told, for whom it was paid. */
const REUSER = { workflow: 'coalesce(r.workflow, l.workflow)', block: 'coalesce(r.block, l.block)' };
const same = (name: string): { paid: string; replayed: string } => ({ paid: name, replayed: name });
const NAMES: Record<Grouping, { paid: string; replayed: string }> = {
  run: { paid: 'l.run::text', replayed: `nullif(r.run, '')` },
  workflow: { paid: 'l.workflow', replayed: REUSER.workflow },
  block: {
    paid: `concat_ws('/', l.workflow, l.block)`,
    replayed: `concat_ws('/', ${REUSER.workflow}, ${REUSER.block})`,
  },
  prompt: same(ofKind('model', 'l.subject')),
  model: same(MODEL),
  voice: same(ofKind('speech', 'l.subject')),
  engine: same(ofKind('speech', MODEL)),
  kind: same(KIND),
  day: {
    paid: `to_char(l.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
    replayed: `to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
  },
};

const UNITS = ['inputTokens', 'cachedInputTokens', 'outputTokens', 'reasoningTokens', 'characters'];
const sumOf = (unit: string): string => `coalesce(sum(${countedUnits(unit)}), 0) AS "${unit}"`;
const where = (of: { run: string; workflow: string; block: string; at: string }): string => `
  ($1::text IS NULL OR ${of.run} = $1) AND ($2::text IS NULL OR ${of.workflow} = $2)
  AND ($3::text IS NULL OR ${of.block} = $3) AND ($4::text IS NULL OR ${ofKind('model', 'l.subject')} = $4)
  AND ($5::text IS NULL OR l.model = $5)
  AND ($6::timestamptz IS NULL OR ${of.at} >= $6) AND ($7::timestamptz IS NULL OR ${of.at} < $7)
  AND ($8::text IS NULL OR ${KIND} = $8) AND ($9::text IS NULL OR ${ofKind('speech', 'l.subject')} = $9)`;
const PAID = { run: 'l.run::text', workflow: 'l.workflow', block: 'l.block', at: 'l.started_at' };

/**
 * A call that is out and gives no sign any more is ambiguous already, though nobody has asked for it again. Leases go by
 * the database's clock: that of a process may be ahead, and would offer a call that is still made for a decision.
 */
const SILENT = `(l.state = 'pending' AND l.lease_until < clock_timestamp())`;

// What runs paid, and what they saved by using what they or others had paid. `name`s are our own SQL, never input.
// $1 run, $2 workflow, $3 block, $4 prompt version, $5 model, $6 since, $7 until, $8 kind, $9 voice, $10 after (time),
// $11 after (name), $12 how many
const sumsBy = (paid: string, replayed: string): string => `
  WITH paid AS (
    SELECT ${paid} AS name, (count(*) FILTER (WHERE l.state = 'done'))::int + coalesce(sum(l.repaid), 0)::int AS calls,
      coalesce(sum(coalesce(l.cost, 0) + l.repaid_cost), 0)::float8 AS cost,
      (count(*) FILTER (WHERE l.state = 'done' AND l.usage IS NOT NULL AND l.cost IS NULL))::int AS unpriced,
      ${UNITS.map(sumOf).join(', ')},
      coalesce(sum(l.interrupted + ${SILENT}::int), 0)::int AS ambiguous, max(l.started_at) AS at
    FROM ledger l WHERE ${where(PAID)} GROUP BY 1
  ), replayed AS (
    SELECT ${replayed} AS name, sum(r.times)::int AS replays, coalesce(sum(r.times * l.cost), 0)::float8 AS saved,
      max(r.at) AS at
    FROM ledger_replays r JOIN ledger l ON l.id = r.ledger
    WHERE NOT l.passed_over AND ${where({ ...REUSER, run: 'r.run', at: 'r.at' })} GROUP BY 1
  ), sums AS (
    SELECT coalesce(p.name, r.name) AS name, coalesce(p.calls, 0) AS calls, coalesce(p.cost, 0) AS cost,
      coalesce(p.unpriced, 0) AS unpriced,
      ${UNITS.map((unit) => `coalesce(p."${unit}", 0) AS "${unit}"`).join(', ')},
      coalesce(r.replays, 0) AS replays,
      coalesce(r.saved, 0) AS saved, coalesce(p.ambiguous, 0) AS ambiguous, greatest(p.at, r.at) AS "lastAt"
    FROM paid p FULL JOIN replayed r ON coalesce(p.name, '') = coalesce(r.name, '')
  )
  SELECT * FROM sums
  WHERE $10::timestamptz IS NULL OR ("lastAt", coalesce(name, '')) < ($10, $11::text)
  ORDER BY "lastAt" DESC, coalesce(name, '') DESC LIMIT $12`;

/** Newest first. Without `by` one sum of all. */
export async function sumLedger(
  db: Queryable,
  of: {
    by?: Grouping;
    filter: LedgerFilter;
    after?: { at: Date; name: string };
    limit: number;
  },
): Promise<LedgerSum[]> {
  const names = of.by === undefined ? { paid: 'NULL::text', replayed: 'NULL::text' } : NAMES[of.by];
  const values = [...valuesOf(of.filter), of.after?.at ?? null, of.after?.name ?? null, of.limit];
  return (await db.query<LedgerSum>({ text: sumsBy(names.paid, names.replayed), values })).rows;
}

export interface LedgerCall {
  id: string;
  state: 'pending' | 'done' | 'ambiguous' | 'released';
  run: string | null;
  workflow: string | null;
  block: string;
  key: string;
  sample: number;
  step: string;
  kind: string;
  /** Of a model's call. */
  prompt: string | null;
  /** Of speech. */
  voice: string | null;
  provider: string | null;
  model: string | null;
  units: Record<string, number> | null;
  cost: { amount: number; currency: string } | null;
  /** The vendor's name for the call that was answered. */
  requestId: string | null;
  /** Our names, which the vendor was told, of calls whose end nobody saw. */
  interruptedCalls: string[];
  interruptedAt: Date | null;
  startedAt: Date;
  doneAt: Date | null;
}

// $1 run, $2 workflow, $3 block, $4 prompt version, $5 model, $6 since, $7 until, $8 kind, $9 voice, $10 only:
// `ambiguous` (a decision or another try is due), `interrupted` (it was once); $11 before (time), $12 before (id),
// $13 how many, $14 id
const CALLS = `
  SELECT l.id, CASE WHEN ${SILENT} THEN 'ambiguous' ELSE l.state END AS state,
    l.run, l.workflow, l.block, l.key, l.sample, l.step, ${KIND} AS kind, ${ofKind('model', 'l.subject')} AS prompt,
    ${ofKind('speech', 'l.subject')} AS voice, l.provider, l.model,
    l.usage->'units' AS units, l.usage->'cost' AS cost, l.request_id AS "requestId",
    CASE WHEN ${SILENT} THEN l.interrupted_calls || l.owner ELSE l.interrupted_calls END
      AS "interruptedCalls",
    CASE WHEN ${SILENT} THEN l.started_at ELSE l.interrupted_at END AS "interruptedAt",
    l.started_at AS "startedAt", l.done_at AS "doneAt"
  FROM ledger l WHERE ${where(PAID)} AND ($14::text IS NULL OR l.id = $14)
    AND ($10::text IS NULL OR CASE $10
      WHEN 'interrupted' THEN l.interrupted > 0 OR ${SILENT}
      WHEN 'ambiguous' THEN l.state IN ('ambiguous', 'released') OR ${SILENT}
      ELSE l.state = $10 END)
    AND ($11::timestamptz IS NULL OR (l.started_at, l.id) < ($11, $12::text))
  ORDER BY l.started_at DESC, l.id DESC LIMIT $13`;

export async function listCalls(
  db: Queryable,
  of: {
    filter: LedgerFilter;
    state?: string;
    id?: string;
    before?: { at: Date; id: string };
    limit: number;
  },
): Promise<LedgerCall[]> {
  const { filter, state, id, before, limit } = of;
  const page = [state ?? null, before?.at ?? null, before?.id ?? null, limit, id ?? null];
  return (await db.query<LedgerCall>({ text: CALLS, values: [...valuesOf(filter), ...page] })).rows;
}

/** A call that gave no sign any more is decided before anybody asked for it again: it is listed from now on. */
const LOST_NOW = `interrupted = interrupted + CASE WHEN state = 'pending' THEN 1 ELSE 0 END,
    interrupted_at = CASE WHEN state = 'pending' THEN started_at ELSE interrupted_at END,
    interrupted_calls = CASE WHEN state = 'pending' THEN interrupted_calls || owner ELSE interrupted_calls END`;
// $1 id
const RELEASE = `UPDATE ledger l SET state = 'released', ${LOST_NOW}
  WHERE id = $1 AND (state = 'ambiguous' OR ${SILENT}) RETURNING interrupted`;
// $1 id, $2 now, $3 value, $4 usage
const ANSWER = `UPDATE ledger l SET state = 'done', value = $3, usage = $4, provider = $4::json->>'provider',
    model = $4::json->>'model', done_at = $2, ${LOST_NOW}
  WHERE id = $1 AND (state IN ('ambiguous', 'released') OR ${SILENT}) RETURNING interrupted`;

/** How many calls of it were interrupted; undefined: there is nothing to decide. */
export async function releaseCall(tx: Transaction, id: string): Promise<number | undefined> {
  const { rows } = await tx.query<{ interrupted: number }>({ text: RELEASE, values: [id] });
  return rows[0]?.interrupted;
}

export async function answerCall(
  tx: Transaction,
  { id, now, value, usage }: { id: string; now: Date; value: string; usage: string },
): Promise<number | undefined> {
  const values = [id, now, value, usage];
  return (await tx.query<{ interrupted: number }>({ text: ANSWER, values })).rows[0]?.interrupted;
}

function valuesOf(of: LedgerFilter): unknown[] {
  const { run, workflow, block, prompt, model, since, until, kind, voice } = of;
  return [run, workflow, block, prompt, model, since, until, kind, voice].map((value) => value ?? null);
}
