import { storableJson, type AttemptPaid, type Usage } from '@duofactory/contracts';
import type { Queryable } from '@duofactory/platform';

/** What an effect is for: together with the request its identity. */
export interface EffectIdentity {
  /** The first run of a chain of reruns, or what else stands for "once". */
  readonly lineage: string;
  readonly block: string;
  readonly key: string;
  readonly sample: number;
  readonly step: string;
  /** For reading the ledger only, as what follows. */
  readonly run?: string;
  readonly task?: string;
  readonly workflow?: string;
  /** What is paid for: `title@3`. */
  readonly subject?: string;
  /** As in `Usage`: `model` or `speech`. */
  readonly kind?: string;
  /** The block that it is listed under, where it is another than `block`: that of whoever asked first. */
  readonly payer?: string;
  /** Effects whose answers are of no use, so that this one is caused: who read them saved nothing. */
  readonly insteadOf?: readonly string[];
}

export interface Claim {
  readonly id: string;
  /** Of this one call: what the vendor is told, and what is listed if nobody sees its end. */
  readonly owner: string;
  readonly of: EffectIdentity & { readonly requestHash: string };
}

export interface ClaimedRow {
  readonly id: string;
  readonly owner: string;
  /**
   * `ambiguous`: a call began whose end nobody saw, and a person decides. `released`: such a call is made again.
   */
  readonly state: 'pending' | 'done' | 'ambiguous' | 'released';
  readonly value: unknown;
  readonly usage: Usage | null;
  readonly interrupted: number;
  readonly calls: readonly string[];
  /** For which it is, or was, caused. */
  readonly task: string | null;
}

// Leases go by the database's clock: those of two machines may be apart. A claim that ran out is taken over, or handed to
// a person; either way the call that it stood for is listed. Whoever makes it again pays, and is who it is listed under.
// Answers that are there count as replayed by the run that asks, unless it paid for them itself.
// $1 ids, $2 owners, $3 lineages, $4 runs, $5 tasks, $6 blocks, $7 keys, $8 samples, $9 steps, $10 request hashes,
// $11 workflows, $12 subjects, $13 now, $14 ms of the lease, $15 a person decides, $16 kinds, $17 blocks to be listed under
const CLAIM = `with asked as (
    select * from unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::int[],
      $9::text[], $10::text[], $11::text[], $12::text[], $16::text[], $17::text[])
      as a (id, owner, lineage, run, task, block, key, sample, step, request_hash, workflow, subject, kind, payer)
  ), claimed as (
    insert into ledger (id, owner, lineage, run, task, block, key, sample, step, request_hash, workflow, subject, kind,
      started_at, lease_until)
    select id, owner, lineage, run, task, payer, key, sample, step, request_hash, workflow, subject, kind,
      $13::timestamptz, clock_timestamp() + $14::float8 * interval '1 millisecond'
    from asked order by id
    on conflict (id) do update set
      state = case when ledger.state = 'pending' and $15 then 'ambiguous' else 'pending' end,
      owner = case when ledger.state = 'pending' and $15 then ledger.owner else excluded.owner end,
      run = case when ledger.state = 'pending' and $15 then ledger.run else excluded.run end,
      task = case when ledger.state = 'pending' and $15 then ledger.task else excluded.task end,
      workflow = case when ledger.state = 'pending' and $15 then ledger.workflow else excluded.workflow end,
      block = case when ledger.state = 'pending' and $15 then ledger.block else excluded.block end,
      interrupted = ledger.interrupted + case when ledger.state = 'pending' then 1 else 0 end,
      interrupted_calls = case when ledger.state = 'pending' then ledger.interrupted_calls || ledger.owner
        else ledger.interrupted_calls end,
      interrupted_at = case when ledger.state = 'pending' then ledger.started_at else ledger.interrupted_at end,
      started_at = excluded.started_at, lease_until = excluded.lease_until
    where (ledger.state = 'pending' and ledger.lease_until < clock_timestamp()) or ledger.state = 'released'
      or (ledger.state = 'ambiguous' and not $15)
    returning id, owner, state, value, usage, interrupted, interrupted_calls, task
  ), replayed as (
    insert into ledger_replays (ledger, run, task, workflow, block, times, at)
    select l.id, coalesce(a.run::text, ''), coalesce(a.task::text, ''), a.workflow, a.payer, 1, $13
    from asked a join ledger l on l.id = a.id where l.state = 'done' and (a.run is null or l.run is distinct from a.run)
    order by 1, 2, 3
    on conflict (ledger, run, task) do update set times = ledger_replays.times + 1, at = excluded.at
  )
  select id, owner, state, value, usage, interrupted, interrupted_calls as calls, task from claimed
  union all
  select l.id, l.owner, l.state, l.value, l.usage, l.interrupted, l.interrupted_calls, l.task
  from asked a join ledger l on l.id = a.id where not exists (select from claimed c where c.id = l.id)`;

// $1 ids
const PASS_OVER = `update ledger set passed_over = true
  where id in (select id from ledger where id = any ($1) and not passed_over order by id for update)`;

const NOT_SEEN = {
  owner: '',
  state: 'pending',
  value: null,
  usage: null,
  interrupted: 0,
  calls: [],
  task: null,
} as const;

/** The rows as they are after the claim: whose `owner` is the claim's own may cause the effect. */
export async function claimEffects(
  db: Queryable,
  claims: readonly Claim[],
  { now, leaseMs, hold }: { now: Date; leaseMs: number; hold: boolean },
): Promise<ClaimedRow[]> {
  // Of two claims of one effect in one statement the second looks again, as if it came from another process.
  const first = [...new Map([...claims].reverse().map((claim) => [claim.id, claim])).values()];
  const values = [
    first.map(({ id }) => id),
    first.map(({ owner }) => owner),
    first.map(({ of }) => of.lineage),
    first.map(({ of }) => of.run ?? null),
    first.map(({ of }) => of.task ?? null),
    first.map(({ of }) => of.block),
    first.map(({ of }) => of.key),
    first.map(({ of }) => of.sample),
    first.map(({ of }) => of.step),
    first.map(({ of }) => of.requestHash),
    first.map(({ of }) => of.workflow ?? null),
    first.map(({ of }) => of.subject ?? null),
    now,
    leaseMs,
    hold,
    first.map(({ of }) => of.kind ?? null),
    first.map(({ of }) => of.payer ?? of.block),
  ];
  const { rows } = await db.query<ClaimedRow>({ name: 'ledger-claim', text: CLAIM, values });
  const passedOver = claims.flatMap(({ of }) => of.insteadOf ?? []);
  if (passedOver.length > 0)
    await db.query({ name: 'ledger-pass-over', text: PASS_OVER, values: [passedOver] });
  const byId = new Map(rows.map((row) => [row.id, row]));
  // Not there: it was released between the two halves of the statement. The next look claims it.
  return claims.map(({ id }) => byId.get(id) ?? { id, ...NOT_SEEN });
}

/** Its outcome is told: what it is paid for from now on is not in there. */
export type EndedAttempt = Pick<AttemptPaid, 'run' | 'task' | 'attempt'>;

export interface Answered {
  readonly id: string;
  readonly owner: string;
  readonly value: unknown;
  readonly usage: Usage | undefined;
  readonly requestId: string | undefined;
  /** For which it comes too late: the run is told what it cost. */
  readonly late?: EndedAttempt | undefined;
}

// The first answer stays, whoever holds the claim by now.
// $1 ids, $2 owners, $3 values, $4 usages, $5 providers, $6 models, $7 costs, $8 currencies, $9 vendors' request ids, $10 now
const RECORD = `update ledger l set state = 'done', owner = a.owner, value = a.value, usage = a.usage, provider = a.provider,
    model = a.model, cost = a.cost, currency = a.currency, request_id = a.request_id, done_at = $10
  from unnest($1::text[], $2::uuid[], $3::json[], $4::json[], $5::text[], $6::text[], $7::numeric[], $8::text[],
    $9::text[]) as a (id, owner, value, usage, provider, model, cost, currency, request_id)
  where l.id = a.id and l.state <> 'done' returning l.id`;

/** Which of the answers were stored; of the others another call's answer is there already. */
export async function recordAnswers(
  db: Queryable,
  answers: readonly Answered[],
  now: Date,
): Promise<boolean[]> {
  const values = [
    answers.map(({ id }) => id),
    answers.map(({ owner }) => owner),
    answers.map(({ value }) => storableJson(value ?? null)),
    answers.map(({ usage }) => (usage === undefined ? null : storableJson(usage))),
    answers.map(({ usage }) => usage?.provider ?? null),
    answers.map(({ usage }) => usage?.model ?? null),
    answers.map(({ usage }) => usage?.cost?.amount ?? null),
    answers.map(({ usage }) => usage?.cost?.currency ?? null),
    answers.map(({ requestId }) => requestId ?? null),
    now,
  ];
  const { rows } = await db.query<{ id: string }>({ name: 'ledger-record', text: RECORD, values });
  const stored = new Set(rows.map(({ id }) => id));
  return answers.map(({ id }) => stored.has(id));
}

/** A second call was answered as well: what it cost is kept beside the first. The answer that counts. */
export async function recordSecondPayment(
  db: Queryable,
  { id, usage }: Answered,
): Promise<{ value: unknown } | undefined> {
  const { rows } = await db.query<{ value: unknown }>({
    name: 'ledger-second-payment',
    text: `update ledger set repaid = repaid + 1, repaid_cost = repaid_cost + $2 where id = $1 returning value`,
    values: [id, usage?.cost?.amount ?? 0],
  });
  return rows[0];
}

// $1 id, $2 owner
const FORGET = `delete from ledger where id = $1 and owner = $2 and state = 'pending' and interrupted = 0`;
const RELEASE = `update ledger set state = 'released' where id = $1 and owner = $2 and state = 'pending'`;

/** It failed before our eyes, unpaid: nothing to remember, but for earlier calls of it whose end nobody saw. */
export async function releaseClaim(db: Queryable, id: string, owner: string): Promise<void> {
  const { rowCount } = await db.query({ name: 'ledger-forget', text: FORGET, values: [id, owner] });
  if (rowCount === 0) await db.query({ name: 'ledger-release', text: RELEASE, values: [id, owner] });
}

// $1 id, $2 owner, $3 the next state
const LOSE_SIGHT = `update ledger set state = $3, interrupted = interrupted + 1, interrupted_at = started_at,
    interrupted_calls = interrupted_calls || owner
  where id = $1 and owner = $2 and state = 'pending' returning interrupted`;

/** Its end was not seen: it is listed. How many calls of it are by now. */
export async function loseSight(
  db: Queryable,
  { id, owner, hold }: { id: string; owner: string; hold: boolean },
): Promise<number> {
  const values = [id, owner, hold ? 'ambiguous' : 'released'];
  const { rows } = await db.query<{ interrupted: number }>({
    name: 'ledger-lose-sight',
    text: LOSE_SIGHT,
    values,
  });
  return rows[0]?.interrupted ?? 0;
}

// $1 ids, $2 owners, $3 ms of the lease
const RENEW = `update ledger l set lease_until = clock_timestamp() + $3::float8 * interval '1 millisecond'
  from unnest($1::text[], $2::uuid[]) as h (id, owner)
  where l.id = h.id and l.owner = h.owner and l.state = 'pending'`;

export async function renewClaims(
  db: Queryable,
  held: ReadonlyMap<string, string>,
  leaseMs: number,
): Promise<void> {
  await db.query({
    name: 'ledger-renew',
    text: RENEW,
    values: [[...held.keys()], [...held.values()], leaseMs],
  });
}
