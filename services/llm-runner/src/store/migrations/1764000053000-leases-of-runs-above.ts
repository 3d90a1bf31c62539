import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A call of a run inside a run leases in several accounts of one budget: its own, and those of the runs above. */
export class LeasesOfRunsAbove1764000053000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE budget_leases DROP CONSTRAINT budget_leases_pkey, ADD PRIMARY KEY (call, budget, account)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM budget_leases a USING budget_leases b
        WHERE a.call = b.call AND a.budget = b.budget AND a.account > b.account;
      ALTER TABLE budget_leases DROP CONSTRAINT budget_leases_pkey, ADD PRIMARY KEY (call, budget);
    `);
  }
}
