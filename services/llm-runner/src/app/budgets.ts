import { BlockFailure } from '@duofactory/block-kit';
import { holdLiftedV1 } from '@duofactory/contracts';
import { Problem, type Clock, type Database, type Transactions } from '@duofactory/platform';
import { setTimeout as pause } from 'node:timers/promises';
import {
  accountName,
  deleteBudget,
  insertLeases,
  listAccounts,
  listBudgets,
  lockAccounts,
  putBudget,
  settleLeases,
  type Budget,
  type BudgetAccount,
  type BudgetPer,
} from '../store/budgets.js';
import type { ModelCall } from './language-model.js';

export type { Budget, BudgetAccount, BudgetPer } from '../store/budgets.js';

/** A call that is about to be made, of a model or of what else is paid for. */
export type CallToLease = Pick<ModelCall, 'id' | 'purpose' | 'interrupted'>;

export interface ExpectedCost {
  /** What it is of: a model's name, `polly neural`. */
  readonly model: string;
  /** 0: it is of a kind that has none, and budgets of tokens do not count it. */
  readonly tokens: number;
  /** In US dollars; null: nobody knows. */
  readonly amount: number | null;
}

export interface BudgetLeft {
  readonly budget: string;
  readonly per: BudgetPer;
  /** In US dollars; null: money is not limited. */
  readonly amount: number | null;
  /** null: tokens are not limited. */
  readonly tokens: number | null;
}

/** Longer no call is out: what a process leased that died is taken for spent after it, or when its call is made again. */
const LEASE_MS = 16 * 60_000;
const LOOK_AGAIN_MS = 200;
const ACCOUNTS_SHOWN = 50;
/** Today's is among the last used. */
const ACCOUNTS_LOOKED_AT = 1_000;

/**
 * Limits of money and tokens. A call leases what it may cost before it is made, so that calls that are made together
 * cannot overshoot by more than they were underestimated. At the limit the run is held, and goes on when it is raised.
 */
export class Budgets {
  constructor(
    private readonly database: Database,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  list(): Promise<Budget[]> {
    return listBudgets(this.database);
  }

  async show(id: string): Promise<Budget & { accounts: BudgetAccount[] }> {
    const budget = (await this.list()).find((one) => one.id === id);
    if (!budget) throw unknownBudget(id);
    const of = { budget: id, now: this.clock.now(), limit: ACCOUNTS_SHOWN };
    return { ...budget, accounts: await listAccounts(this.database, of) };
  }

  /** What a run of a workflow that starts now may spend, by each budget that counts it. */
  async left(workflow: string): Promise<BudgetLeft[]> {
    const now = this.clock.now();
    const counting = (await this.list()).filter(
      (one) => one.run === null && (one.workflow === null || one.workflow === workflow),
    );
    return Promise.all(
      counting.map(async ({ id, per, amount, tokens }) => {
        // A run that is still to come has spent nothing.
        const account = per === 'day' ? now.toISOString().slice(0, 10) : per === 'workflow' ? workflow : '';
        const accounts = await listAccounts(this.database, { budget: id, now, limit: ACCOUNTS_LOOKED_AT });
        const used = accounts.find((one) => one.account === account);
        const leftOf = (most: number | null, spent = 0, leased = 0): number | null =>
          most === null ? null : Math.max(0, most - spent - leased);
        return {
          ...{ budget: id, per },
          amount: leftOf(amount, used?.spent, used?.leased),
          tokens: leftOf(tokens, used?.tokens, used?.leasedTokens),
        };
      }),
    );
  }

  /** Runs that an earlier limit held go on, and find the new one. */
  async put(budget: Omit<Budget, 'epoch'>, changedBy: string): Promise<Budget> {
    return this.transactions.run(async (tx, emit) => {
      const put = await putBudget(tx, { ...budget, epoch: this.clock.now().getTime() }, changedBy);
      emit(holdLiftedV1, { key: holdOf(put.id), data: { id: holdOf(put.id), epoch: put.epoch } });
      return put;
    });
  }

  async delete(id: string): Promise<void> {
    const { epoch } = await this.show(id);
    await this.transactions.run(async (tx, emit) => {
      if (!(await deleteBudget(tx, id))) throw unknownBudget(id);
      const later = Math.max(epoch + 1, this.clock.now().getTime());
      emit(holdLiftedV1, { key: holdOf(id), data: { id: holdOf(id), epoch: later } });
    });
  }

  /** Resolves when the call may be made. Throws BlockFailure `budget-reached` or `price-unknown`, with a hold. */
  async lease(
    call: ModelCall,
    expected: ExpectedCost,
  ): Promise<{ settle: (cost: ActualCost) => Promise<void> }> {
    while (!(await this.tryLease(call, expected)))
      // What is out may cost less than it might, and then there is room.
      await pause(LOOK_AGAIN_MS, undefined, { signal: call.signal });
    return { settle: (cost) => this.settle(call.id, cost) };
  }

  /** Gives the lease of a call back, and counts what it cost. */
  async settle(call: string, { amount, tokens }: ActualCost): Promise<void> {
    await settleLeases(this.database, { call, amount: amount ?? 0, tokens, now: this.clock.now() });
  }

  /**
   * false: calls that are out may leave room, when they cost less than they might. Throws BlockFailure `budget-reached`
   * or `price-unknown`, with a hold.
   */
  async tryLease(call: CallToLease, expected: ExpectedCost): Promise<boolean> {
    const now = this.clock.now();
    const counts = ({ amount }: Budget): boolean => amount !== null || expected.tokens > 0;
    const budgets = (await listBudgets(this.database))
      .filter(counts)
      .flatMap((budget) => accountsOf(budget, call, now).map((account) => ({ ...budget, account })));
    if (budgets.length === 0) return true;
    const unpriced = expected.amount === null && budgets.find(({ amount }) => amount !== null);
    if (unpriced) {
      const reason = `Nobody knows what ${expected.model} costs, and budget "${unpriced.id}" counts money: set its price (of models by DUOFACTORY_MODEL_PRICES), or count tokens`;
      throw held('price-unknown', reason, unpriced, now);
    }
    const amount = expected.amount ?? 0;
    return this.database.transaction(async (tx) => {
      const accounts = budgets.map(({ id, account }) => ({ budget: id, account }));
      const states = await lockAccounts(tx, accounts, { now, lost: call.interrupted });
      let room = true;
      for (const budget of budgets) {
        const { spent, tokens, leased, leasedTokens } = states.get(
          accountName({ budget: budget.id, account: budget.account }),
        )!;
        const most = expected.tokens > 0 ? budget.tokens : null;
        if (over(spent + amount, budget.amount) || over(tokens + expected.tokens, most))
          throw held('budget-reached', reasonOf(budget, { spent, tokens }), budget, now);
        if (
          over(spent + leased + amount, budget.amount) ||
          over(tokens + leasedTokens + expected.tokens, most)
        )
          room = false;
      }
      if (room) {
        const until = new Date(now.getTime() + LEASE_MS);
        await insertLeases(tx, { call: call.id, accounts, amount, tokens: expected.tokens, until });
      }
      return room;
    });
  }
}

export interface ActualCost {
  readonly amount: number | null;
  readonly tokens: number;
}

const over = (value: number, limit: number | null): boolean => limit !== null && value > limit;
const holdOf = (id: string): string => `budget/${id}`;

/** What a call counts for; none: not for this budget. It counts for its run and for all runs that one works for. */
function accountsOf({ per, workflow, run }: Budget, { purpose }: CallToLease, now: Date): string[] {
  const payers = [purpose, ...(purpose.above ?? [])].filter(
    (payer) => (workflow === null || payer.workflow === workflow) && (run === null || payer.run === run),
  );
  if (payers.length === 0) return [];
  if (per === 'day') return [now.toISOString().slice(0, 10)];
  const accounts = payers.flatMap((payer) => (per === 'run' ? payer.run : payer.workflow) ?? []);
  return [...new Set(accounts)];
}

function reasonOf(
  { id, per, amount, tokens: most, account }: Budget & { account: string },
  { spent, tokens }: { spent: number; tokens: number },
): string {
  const limits = [
    ...(amount === null ? [] : [`$${spent.toFixed(4)} of $${amount}`]),
    ...(most === null ? [] : [`${tokens} of ${most} tokens`]),
  ];
  return `Budget "${id}" (${per} ${account}) has no room for the next call: ${limits.join(', ')} spent. Raise it by "duofactory budgets set"`;
}

function held(code: string, reason: string, { id, per, epoch }: Budget, now: Date): BlockFailure {
  const tomorrow = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));
  const until = per === 'day' && code === 'budget-reached' ? { until: tomorrow.toISOString() } : {};
  return new BlockFailure(code, reason, {
    retryable: true,
    hold: { reason, id: holdOf(id), epoch, ...until },
  });
}

function unknownBudget(id: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-budget',
    title: 'Unknown budget',
    detail: `There is no budget "${id}": GET /api/budgets lists them`,
  });
}
