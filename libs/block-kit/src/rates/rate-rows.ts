import type { Queryable, Transaction } from '@duofactory/platform';

export interface RateLimit {
  model: string;
  /** A minute; null: as many as the vendor allows. */
  requests: number | null;
  tokens: number | null;
}

export interface RateState {
  id: string;
  model: string;
  /** What the vendor says with its answers. */
  learnedRequests: number | null;
  learnedTokens: number | null;
  /** Part of the limits that is used now: a refusal halves it. */
  factor: number;
  /** What may be asked for at once. Tokens may be owed. */
  requests: number;
  tokens: number;
  refilledAt: Date;
  loweredAt: Date | null;
  blockedUntil: Date | null;
  limitRequests: number | null;
  limitTokens: number | null;
}

const STATE = `s.id, s.model, s.learned_requests AS "learnedRequests", s.learned_tokens AS "learnedTokens", s.factor,
  s.requests, s.tokens, s.refilled_at AS "refilledAt", s.lowered_at AS "loweredAt", s.blocked_until AS "blockedUntil",
  l.requests AS "limitRequests", l.tokens AS "limitTokens"`;
const FROM = `rate_states s LEFT JOIN rate_limits l ON l.model = s.model`;

export async function listRates(db: Queryable): Promise<{ limits: RateLimit[]; states: RateState[] }> {
  const limits = await db.query<RateLimit>({
    text: 'SELECT model, requests, tokens FROM rate_limits ORDER BY model',
  });
  const states = await db.query<RateState>({ text: `SELECT ${STATE} FROM ${FROM} ORDER BY s.id` });
  return { limits: limits.rows, states: states.rows };
}

// Whoever says what a model may be asked for knows better than a refusal that came before. $1 model, $2 requests, $3 tokens
const PUT = `WITH lifted AS (UPDATE rate_states SET blocked_until = NULL WHERE model = $1)
  INSERT INTO rate_limits (model, requests, tokens) VALUES ($1, $2, $3)
  ON CONFLICT (model) DO UPDATE SET requests = $2, tokens = $3`;
// $1 model, $2 now
const DELETE = `WITH lifted AS (
    UPDATE rate_states SET blocked_until = NULL WHERE model = $1 AND blocked_until > $2 RETURNING id
  ), deleted AS (DELETE FROM rate_limits WHERE model = $1 RETURNING model)
  SELECT EXISTS (SELECT FROM lifted) OR EXISTS (SELECT FROM deleted) AS any`;

/** Sets a limit, and lifts what a refusal blocks. */
export async function putRateLimit(db: Queryable, { model, requests, tokens }: RateLimit): Promise<void> {
  await db.query({ text: PUT, values: [model, requests, tokens] });
}

/** Takes a limit away, and lifts what a refusal blocks. false: there was neither. */
export async function deleteRateLimit(db: Queryable, model: string, now: Date): Promise<boolean> {
  return (await db.query<{ any: boolean }>({ text: DELETE, values: [model, now] })).rows[0]!.any;
}

// $1 id, $2 model, $3 now
const OPEN = `INSERT INTO rate_states (id, model, refilled_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`;
const READ = `SELECT ${STATE} FROM ${FROM} WHERE s.id = $1`;

/** The state as it is; made where there is none. */
export async function readRate(db: Queryable, id: string, model: string, now: Date): Promise<RateState> {
  const read = async (): Promise<RateState | undefined> =>
    (await db.query<RateState>({ name: 'read-rate', text: READ, values: [id] })).rows[0];
  const known = await read();
  if (known) return known;
  await db.query({ text: OPEN, values: [id, model, now] });
  return (await read())!;
}

/** Whoever grants turns takes turns. */
export async function lockRate(tx: Transaction, id: string): Promise<RateState> {
  const text = `${READ} FOR UPDATE OF s`;
  return (await tx.query<RateState>({ name: 'lock-rate', text, values: [id] })).rows[0]!;
}

// $1 id, $2 factor, $3 requests, $4 tokens, $5 refilled, $6 lowered, $7 blocked until
const WRITE = `UPDATE rate_states SET factor = $2, requests = $3, tokens = $4, refilled_at = $5, lowered_at = $6,
  blocked_until = $7 WHERE id = $1`;

export async function writeRate(tx: Transaction, state: RateState): Promise<void> {
  const { id, factor, requests, tokens, refilledAt, loweredAt, blockedUntil } = state;
  const values = [id, factor, requests, tokens, refilledAt, loweredAt, blockedUntil];
  await tx.query({ name: 'write-rate', text: WRITE, values });
}

export async function learnLimits(
  db: Queryable,
  { id, requests, tokens }: { id: string; requests: number | null; tokens: number | null },
): Promise<void> {
  await db.query({
    name: 'learn-limits',
    text: `UPDATE rate_states SET learned_requests = coalesce($2, learned_requests),
      learned_tokens = coalesce($3, learned_tokens) WHERE id = $1`,
    values: [id, requests, tokens],
  });
}

/** What a call used more, or less, than it was taken for. */
export async function correctTokens(db: Queryable, id: string, more: number): Promise<void> {
  await db.query({
    name: 'correct-tokens',
    text: 'UPDATE rate_states SET tokens = tokens - $2 WHERE id = $1',
    values: [id, more],
  });
}

export interface Waiter {
  readonly call: string;
  /** `run <id>` or `user <name>` that waits: turns go around among them. */
  readonly party: string;
  readonly tokens: number;
}

// $1 calls, $2 parties, $3 tokens, $4 state, $5 process, $6 now
const WAIT = `INSERT INTO rate_waiters (call, party, tokens, state, process, asked_at, seen_at)
  SELECT *, $4, $5, $6, $6 FROM unnest($1::uuid[], $2::text[], $3::int[]) ON CONFLICT DO NOTHING`;
// $1 process, $2 state, $3 now
const SEEN = `UPDATE rate_waiters SET seen_at = $3 WHERE process = $1 AND state = $2`;
// $1 state, $2 before
const GONE = `WITH parties AS (DELETE FROM rate_parties WHERE state = $1 AND granted_at < $2::timestamptz - interval '1 hour')
  DELETE FROM rate_waiters WHERE state = $1 AND seen_at < $2`;

/** Brings this process's waiters in, and forgets those of processes that are gone. */
export async function queue(
  tx: Transaction,
  of: { state: string; process: string; fresh: readonly Waiter[]; now: Date; goneBefore: Date },
): Promise<void> {
  const { state, process, fresh, now, goneBefore } = of;
  if (fresh.length > 0) {
    const rows = [
      fresh.map(({ call }) => call),
      fresh.map(({ party }) => party),
      fresh.map(({ tokens }) => tokens),
    ];
    await tx.query({ name: 'rate-wait', text: WAIT, values: [...rows, state, process, now] });
  }
  await tx.query({ name: 'rate-seen', text: SEEN, values: [process, state, now] });
  await tx.query({ name: 'rate-gone', text: GONE, values: [state, goneBefore] });
}

// Around runs and people in turn, so that a batch and one person's test have the same share; within each around its
// parties: the one whose last turn is longest ago goes first, and one that never had a turn before all.
// $1 state, $2 how many
const NEXT = `WITH waiting AS (
    SELECT w.call, w.party, w.tokens, w.asked_at, split_part(w.party, ' ', 1) AS kind, p.granted_at AS last,
      row_number() OVER (PARTITION BY w.party ORDER BY w.asked_at, w.call) AS turn
    FROM rate_waiters w LEFT JOIN rate_parties p ON p.state = w.state AND p.party = w.party
    WHERE w.state = $1 AND NOT w.granted
  ), kinds AS (
    SELECT split_part(party, ' ', 1) AS kind, max(granted_at) AS last FROM rate_parties WHERE state = $1 GROUP BY 1
  )
  SELECT w.call, w.party, w.tokens FROM waiting w LEFT JOIN kinds k ON k.kind = w.kind
  ORDER BY row_number() OVER (PARTITION BY w.kind ORDER BY w.turn, w.last NULLS FIRST, w.asked_at, w.call),
    k.last NULLS FIRST, w.kind DESC LIMIT $2`;

export async function nextInTurn(tx: Transaction, state: string, limit: number): Promise<Waiter[]> {
  return (await tx.query<Waiter>({ name: 'rate-next', text: NEXT, values: [state, limit] })).rows;
}

// $1 calls, $2 state, $3 parties, $4 now
const GRANT = `WITH granted AS (UPDATE rate_waiters SET granted = true WHERE call = ANY($1::uuid[]))
  INSERT INTO rate_parties (state, party, granted_at) SELECT DISTINCT $2, p, $4::timestamptz FROM unnest($3::text[]) AS p
  ON CONFLICT (state, party) DO UPDATE SET granted_at = excluded.granted_at`;

export async function grantTurns(
  tx: Transaction,
  { state, granted, now }: { state: string; granted: readonly Waiter[]; now: Date },
): Promise<void> {
  if (granted.length === 0) return;
  const values = [granted.map(({ call }) => call), state, granted.map(({ party }) => party), now];
  await tx.query({ name: 'rate-grant', text: GRANT, values });
}

// $1 process, $2 state
const COLLECT = `DELETE FROM rate_waiters WHERE process = $1 AND state = $2 AND granted RETURNING call`;

/** Calls of this process whose turn it is. */
export async function collectTurns(tx: Transaction, process: string, state: string): Promise<string[]> {
  const { rows } = await tx.query<{ call: string }>({
    name: 'rate-collect',
    text: COLLECT,
    values: [process, state],
  });
  return rows.map(({ call }) => call);
}

export async function leaveQueue(db: Queryable, call: string): Promise<void> {
  await db.query({ name: 'rate-leave', text: 'DELETE FROM rate_waiters WHERE call = $1', values: [call] });
}
