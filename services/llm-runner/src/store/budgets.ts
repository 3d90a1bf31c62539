import type { Queryable, Transaction } from '@duofactory/platform';

export type BudgetPer = 'run' | 'workflow' | 'day';

export interface Budget {
  id: string;
  /** What one account of it counts: each run, each workflow, each day. */
  per: BudgetPer;
  /** Only calls for runs of it. */
  workflow: string | null;
  /** Only calls for it. */
  run: string | null;
  /** In US dollars. */
  amount: number | null;
  tokens: number | null;
  /** Goes up with every change: holds of an earlier one hold nothing any more. */
  epoch: number;
}

export interface BudgetAccount {
  account: string;
  spent: number;
  tokens: number;
  /** What calls that are out may cost. */
  leased: number;
  leasedTokens: number;
}

const FIELDS = `id, per, workflow, run, amount::float8 AS amount, tokens::float8 AS tokens, epoch::float8 AS epoch`;

export async function listBudgets(db: Queryable): Promise<Budget[]> {
  return (await db.query<Budget>({ name: 'list-budgets', text: `SELECT ${FIELDS} FROM budgets ORDER BY id` }))
    .rows;
}

// $1 id, $2 per, $3 workflow, $4 run, $5 amount, $6 tokens, $7 epoch, $8 who
const PUT = `INSERT INTO budgets AS b (id, per, workflow, run, amount, tokens, epoch, changed_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (id) DO UPDATE SET per = $2, workflow = $3, run = $4, amount = $5, tokens = $6,
    epoch = greatest(b.epoch + 1, $7), changed_by = $8
  RETURNING ${FIELDS}`;

export async function putBudget(
  tx: Transaction,
  { id, per, workflow, run, amount, tokens, epoch }: Budget,
  changedBy: string,
): Promise<Budget> {
  const values = [id, per, workflow, run, amount, tokens, epoch, changedBy];
  return (await tx.query<Budget>({ text: PUT, values })).rows[0]!;
}

export async function deleteBudget(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.query({ text: 'DELETE FROM budgets WHERE id = $1', values: [id] })).rowCount === 1;
}

// $1 budget, $2 now, $3 how many
const ACCOUNTS = `SELECT a.account, a.spent::float8 AS spent, a.tokens::float8 AS tokens,
    coalesce(sum(l.amount), 0)::float8 AS leased, coalesce(sum(l.tokens), 0)::float8 AS "leasedTokens"
  FROM budget_accounts a LEFT JOIN budget_leases l ON l.budget = a.budget AND l.account = a.account AND l.until > $2
  WHERE a.budget = $1 GROUP BY a.budget, a.account ORDER BY a.changed_at DESC LIMIT $3`;

/** Last used first. */
export async function listAccounts(
  db: Queryable,
  { budget, now, limit }: { budget: string; now: Date; limit: number },
): Promise<BudgetAccount[]> {
  return (await db.query<BudgetAccount>({ text: ACCOUNTS, values: [budget, now, limit] })).rows;
}

// $1 budgets, $2 accounts, $3 now
const OPEN = `INSERT INTO budget_accounts (budget, account, changed_at)
  SELECT *, $3 FROM unnest($1::text[], $2::text[]) AS a(budget, account) ON CONFLICT DO NOTHING`;
// The lock makes those who lease of one account take turns; in one order, so that nobody waits for who waits for him.
const LOCK = `SELECT a.budget, a.account, a.spent::float8 AS spent, a.tokens::float8 AS tokens
  FROM budget_accounts a JOIN unnest($1::text[], $2::text[]) AS w(budget, account) USING (budget, account)
  ORDER BY a.budget, a.account FOR UPDATE OF a`;
// Nobody gives these leases back any more, and their calls may have been paid for: they are spent.
// $1 budgets, $2 accounts, $3 now, $4 calls whose end nobody saw
const LAPSE = `WITH lapsed AS (
    DELETE FROM budget_leases l USING unnest($1::text[], $2::text[]) AS w(budget, account)
    WHERE l.budget = w.budget AND l.account = w.account AND (l.until <= $3 OR l.call = ANY($4::uuid[]))
    RETURNING l.budget, l.account, l.amount, l.tokens
  ), sums AS (SELECT budget, account, sum(amount) AS amount, sum(tokens) AS tokens FROM lapsed GROUP BY 1, 2)
  UPDATE budget_accounts a SET spent = a.spent + s.amount, tokens = a.tokens + s.tokens, changed_at = $3
  FROM sums s WHERE a.budget = s.budget AND a.account = s.account
  RETURNING a.budget, a.account, a.spent::float8 AS spent, a.tokens::float8 AS tokens`;
const LEASED = `SELECT w.budget, w.account, coalesce(sum(l.amount), 0)::float8 AS leased, coalesce(sum(l.tokens), 0)::float8 AS "leasedTokens"
  FROM unnest($1::text[], $2::text[]) AS w(budget, account)
  LEFT JOIN budget_leases l ON l.budget = w.budget AND l.account = w.account AND l.until > $3 GROUP BY w.budget, w.account`;

export const accountName = ({ budget, account }: { budget: string; account: string }): string =>
  `${budget} ${account}`;

/** The accounts as they are, locked until the end of the transaction. By name. `lost`: calls whose end nobody saw. */
export async function lockAccounts(
  tx: Transaction,
  accounts: readonly { budget: string; account: string }[],
  { now, lost }: { now: Date; lost: readonly string[] },
): Promise<ReadonlyMap<string, Omit<BudgetAccount, 'account'>>> {
  const names = [accounts.map(({ budget }) => budget), accounts.map(({ account }) => account)];
  await tx.query({ name: 'open-accounts', text: OPEN, values: [...names, now] });
  type Spent = { budget: string; account: string; spent: number; tokens: number };
  const { rows } = await tx.query<Spent>({ name: 'lock-accounts', text: LOCK, values: names });
  const lapsed = await tx.query<Spent>({
    ...{ name: 'lapse-leases', text: LAPSE, values: [...names, now, lost] },
  });
  const since = new Map(lapsed.rows.map((row) => [accountName(row), row]));
  const leased = await tx.query<{ budget: string; account: string; leased: number; leasedTokens: number }>({
    name: 'leased-of-accounts',
    text: LEASED,
    values: [...names, now],
  });
  const out = new Map(leased.rows.map((row) => [accountName(row), row]));
  return new Map(
    rows.map((row) => {
      const name = accountName(row);
      const { spent, tokens } = since.get(name) ?? row;
      const { leased = 0, leasedTokens = 0 } = out.get(name) ?? {};
      return [name, { spent, tokens, leased, leasedTokens }];
    }),
  );
}

// $1 call, $2 budgets, $3 accounts, $4 amount, $5 tokens, $6 until
const LEASE = `INSERT INTO budget_leases (call, budget, account, amount, tokens, until)
  SELECT $1, w.budget, w.account, $4, $5, $6 FROM unnest($2::text[], $3::text[]) AS w(budget, account)
  ON CONFLICT DO NOTHING`;

export async function insertLeases(
  tx: Transaction,
  of: {
    call: string;
    accounts: readonly { budget: string; account: string }[];
    amount: number;
    tokens: number;
    until: Date;
  },
): Promise<void> {
  const { call, accounts, amount, tokens, until } = of;
  const names = [accounts.map(({ budget }) => budget), accounts.map(({ account }) => account)];
  await tx.query({ name: 'lease', text: LEASE, values: [call, ...names, amount, tokens, until] });
}

// $1 call, $2 amount, $3 tokens, $4 now
const SETTLE = `WITH back AS (DELETE FROM budget_leases WHERE call = $1 RETURNING budget, account),
  locked AS (SELECT a.budget, a.account FROM budget_accounts a JOIN back USING (budget, account)
    ORDER BY a.budget, a.account FOR UPDATE OF a)
  UPDATE budget_accounts a SET spent = a.spent + $2, tokens = a.tokens + $3, changed_at = $4
  FROM locked WHERE a.budget = locked.budget AND a.account = locked.account`;

/** Gives the leases of a call back and counts what it cost. */
export async function settleLeases(
  db: Queryable,
  { call, amount, tokens, now }: { call: string; amount: number; tokens: number; now: Date },
): Promise<void> {
  await db.query({ name: 'settle-leases', text: SETTLE, values: [call, amount, tokens, now] });
}
