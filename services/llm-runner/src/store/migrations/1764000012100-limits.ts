import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `budgets`: limits that people set. `budget_accounts`: what was spent of each, by what it is counted for (a run, a
 * workflow, a day). `budget_leases`: what calls that are out may cost at most.
 * `rate_limits`: requests and tokens a minute that people set. `rate_states`: how much of it is there now, by model and
 * key; `rate_waiters`: calls that wait for their turn; `rate_parties`: who had a turn when.
 */
export class Limits1764000012100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE budgets (
        id text PRIMARY KEY,
        per text NOT NULL CHECK (per IN ('run', 'workflow', 'day')),
        workflow text,
        run uuid,
        amount numeric,
        tokens bigint,
        epoch bigint NOT NULL,
        changed_by text NOT NULL
      );
      CREATE TABLE budget_accounts (
        budget text NOT NULL REFERENCES budgets ON DELETE CASCADE,
        account text NOT NULL,
        spent numeric NOT NULL DEFAULT 0,
        tokens bigint NOT NULL DEFAULT 0,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (budget, account)
      );
      CREATE TABLE budget_leases (
        call uuid NOT NULL,
        budget text NOT NULL,
        account text NOT NULL,
        amount numeric NOT NULL,
        tokens bigint NOT NULL,
        until timestamptz NOT NULL,
        PRIMARY KEY (call, budget),
        FOREIGN KEY (budget, account) REFERENCES budget_accounts ON DELETE CASCADE
      );
      CREATE INDEX budget_leases_by_account ON budget_leases (budget, account);
      CREATE TABLE rate_limits (
        model text PRIMARY KEY,
        requests integer,
        tokens integer
      );
      CREATE TABLE rate_states (
        id text PRIMARY KEY,
        model text NOT NULL,
        learned_requests integer,
        learned_tokens integer,
        factor double precision NOT NULL DEFAULT 1,
        requests double precision NOT NULL DEFAULT 1,
        tokens double precision NOT NULL DEFAULT 1,
        refilled_at timestamptz NOT NULL,
        lowered_at timestamptz,
        blocked_until timestamptz
      );
      CREATE TABLE rate_waiters (
        call uuid PRIMARY KEY,
        state text NOT NULL REFERENCES rate_states ON DELETE CASCADE,
        party text NOT NULL,
        tokens integer NOT NULL,
        process uuid NOT NULL,
        asked_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        granted boolean NOT NULL DEFAULT false
      );
      CREATE INDEX rate_waiters_by_state ON rate_waiters (state, asked_at);
      CREATE TABLE rate_parties (
        state text NOT NULL REFERENCES rate_states ON DELETE CASCADE,
        party text NOT NULL,
        granted_at timestamptz NOT NULL,
        PRIMARY KEY (state, party)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE rate_parties, rate_waiters, rate_states, rate_limits, budget_leases, budget_accounts, budgets`,
    );
  }
}
