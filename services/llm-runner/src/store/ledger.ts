import type { Queryable, Transaction } from '@duofactory/platform';

export const GROUPINGS = ['run', 'workflow', 'block', 'prompt', 'model', 'day'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface LedgerFilter {
  readonly run?: string;
  readonly workflow?: string;
  readonly block?: string;
  readonly prompt?: string;
  readonly model?: string;
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
  /** Answers that were read here instead of being paid for again. */
  replays: number;
  /** What those would have cost. */
  saved: number;
  /** Calls whose end nobody saw: the vendor may have been paid for them. */
  ambiguous: number;
  lastAt: Date;
}

const BLOCK = `concat_ws('/', l.workflow, l.block)`;
const NAMES: Record<Grouping, { paid: string; replayed: string }> = {
  run: { paid: 'l.run::text', replayed: `nullif(r.run, '')` },
  workflow: { paid: 'l.workflow', replayed: 'l.workflow' },
  block: { paid: BLOCK, replayed: BLOCK },
  prompt: { paid: 'l.subject', replayed: 'l.subject' },
  model: { paid: `concat_ws(' ', l.provider, l.model)`, replayed: `concat_ws(' ', l.provider, l.model)` },
  day: {
    paid: `to_char(l.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
    replayed: `to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
  },
};

const sumOf = (unit: string): string =>
  `coalesce(sum((l.usage->'units'->>'${unit}')::float8), 0) AS "${unit}"`;
const where = (run: string, at: string): string => `
  ($1::text IS NULL OR ${run} = $1) AND ($2::text IS NULL OR l.workflow = $2) AND ($3::text IS NULL OR l.block = $3)
  AND ($4::text IS NULL OR l.subject = $4) AND ($5::text IS NULL OR l.model = $5)
  AND ($6::timestamptz IS NULL OR ${at} >= $6) AND ($7::timestamptz IS NULL OR ${at} < $7)`;

// What runs paid, and what they saved by reading what they or others had paid. `name`s are our own SQL, never input.
// $1 run, $2 workflow, $3 block, $4 prompt version, $5 model, $6 since, $7 until, $8 after (time), $9 after (name), $10 how many
const sumsBy = (paid: string, replayed: string): string => `
  WITH paid AS (
    SELECT ${paid} AS name, (count(*) FILTER (WHERE l.state = 'done'))::int + coalesce(sum(l.repaid), 0)::int AS calls,
      coalesce(sum(l.cost + l.repaid_cost), 0)::float8 AS cost,
      (count(*) FILTER (WHERE l.state = 'done' AND l.usage IS NOT NULL AND l.cost IS NULL))::int AS unpriced,
      ${['inputTokens', 'cachedInputTokens', 'outputTokens', 'reasoningTokens'].map(sumOf).join(', ')},
      coalesce(sum(l.interrupted), 0)::int AS ambiguous, max(l.started_at) AS at
    FROM ledger l WHERE ${where('l.run::text', 'l.started_at')} GROUP BY 1
  ), replayed AS (
    SELECT ${replayed} AS name, sum(r.times)::int AS replays, coalesce(sum(r.times * l.cost), 0)::float8 AS saved,
      max(r.at) AS at
    FROM ledger_replays r JOIN ledger l ON l.id = r.ledger WHERE ${where('r.run', 'r.at')} GROUP BY 1
  ), sums AS (
    SELECT coalesce(p.name, r.name) AS name, coalesce(p.calls, 0) AS calls, coalesce(p.cost, 0) AS cost,
      coalesce(p.unpriced, 0) AS unpriced, coalesce(p."inputTokens", 0) AS "inputTokens",
      coalesce(p."cachedInputTokens", 0) AS "cachedInputTokens", coalesce(p."outputTokens", 0) AS "outputTokens",
      coalesce(p."reasoningTokens", 0) AS "reasoningTokens", coalesce(r.replays, 0) AS replays,
      coalesce(r.saved, 0) AS saved, coalesce(p.ambiguous, 0) AS ambiguous, greatest(p.at, r.at) AS "lastAt"
    FROM paid p FULL JOIN replayed r ON coalesce(p.name, '') = coalesce(r.name, '')
  )
  SELECT * FROM sums
  WHERE $8::timestamptz IS NULL OR ("lastAt", coalesce(name, '')) < ($8, $9::text)
  ORDER BY "lastAt" DESC, coalesce(name, '') DESC LIMIT $10`;

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
  prompt: string | null;
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

// A call that is out and gives no sign any more is ambiguous already, though nobody has asked for it again.
// $1 run, $2 workflow, $3 block, $4 prompt version, $5 model, $6 since, $7 until, $8 now, $9 only: `ambiguous` (a decision
// or another try is due), `interrupted` (it was once); $10 before (time), $11 before (id), $12 how many, $13 id
const CALLS = `
  SELECT l.id, CASE WHEN l.state = 'pending' AND l.lease_until < $8 THEN 'ambiguous' ELSE l.state END AS state,
    l.run, l.workflow, l.block, l.key, l.sample, l.step, l.subject AS prompt, l.provider, l.model,
    l.usage->'units' AS units, l.usage->'cost' AS cost, l.request_id AS "requestId",
    CASE WHEN l.state = 'pending' AND l.lease_until < $8 THEN l.interrupted_calls || l.owner ELSE l.interrupted_calls END
      AS "interruptedCalls",
    CASE WHEN l.state = 'pending' AND l.lease_until < $8 THEN l.started_at ELSE l.interrupted_at END AS "interruptedAt",
    l.started_at AS "startedAt", l.done_at AS "doneAt"
  FROM ledger l WHERE ${where('l.run::text', 'l.started_at')} AND ($13::text IS NULL OR l.id = $13)
    AND ($9::text IS NULL OR CASE $9
      WHEN 'interrupted' THEN l.interrupted > 0 OR (l.state = 'pending' AND l.lease_until < $8)
      WHEN 'ambiguous' THEN l.state IN ('ambiguous', 'released') OR (l.state = 'pending' AND l.lease_until < $8)
      ELSE l.state = $9 END)
    AND ($10::timestamptz IS NULL OR (l.started_at, l.id) < ($10, $11::text))
  ORDER BY l.started_at DESC, l.id DESC LIMIT $12`;

export async function listCalls(
  db: Queryable,
  of: {
    filter: LedgerFilter;
    now: Date;
    state?: string;
    id?: string;
    before?: { at: Date; id: string };
    limit: number;
  },
): Promise<LedgerCall[]> {
  const { filter, now, state, id, before, limit } = of;
  const page = [now, state ?? null, before?.at ?? null, before?.id ?? null, limit, id ?? null];
  return (await db.query<LedgerCall>({ text: CALLS, values: [...valuesOf(filter), ...page] })).rows;
}

// $1 id, $2 now
const RELEASE = `UPDATE ledger SET state = 'released',
    interrupted = interrupted + CASE WHEN state = 'pending' THEN 1 ELSE 0 END,
    interrupted_at = CASE WHEN state = 'pending' THEN started_at ELSE interrupted_at END,
    interrupted_calls = CASE WHEN state = 'pending' THEN interrupted_calls || owner ELSE interrupted_calls END
  WHERE id = $1 AND (state = 'ambiguous' OR (state = 'pending' AND lease_until < $2)) RETURNING interrupted`;
// $1 id, $2 now, $3 value, $4 usage
const ANSWER = `UPDATE ledger SET state = 'done', value = $3, usage = $4, provider = $4::json->>'provider',
    model = $4::json->>'model', done_at = $2,
    interrupted = interrupted + CASE WHEN state = 'pending' THEN 1 ELSE 0 END
  WHERE id = $1 AND (state IN ('ambiguous', 'released') OR (state = 'pending' AND lease_until < $2)) RETURNING interrupted`;

/** How many calls of it were interrupted; undefined: there is nothing to decide. */
export async function releaseCall(tx: Transaction, id: string, now: Date): Promise<number | undefined> {
  const { rows } = await tx.query<{ interrupted: number }>({ text: RELEASE, values: [id, now] });
  return rows[0]?.interrupted;
}

export async function answerCall(
  tx: Transaction,
  { id, now, value, usage }: { id: string; now: Date; value: string; usage: string },
): Promise<number | undefined> {
  const values = [id, now, value, usage];
  return (await tx.query<{ interrupted: number }>({ text: ANSWER, values })).rows[0]?.interrupted;
}

function valuesOf({ run, workflow, block, prompt, model, since, until }: LedgerFilter): unknown[] {
  return [run, workflow, block, prompt, model, since, until].map((value) => value ?? null);
}
