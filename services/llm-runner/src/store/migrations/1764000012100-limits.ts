import { RATE_TABLES } from '@duofactory/block-kit';
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
    `);
    await runner.query(RATE_TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE rate_parties, rate_waiters, rate_states, rate_limits, budget_leases, budget_accounts, budgets`,
    );
  }
}
