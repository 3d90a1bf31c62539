import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A vendor's counts that were no numbers were priced all the same: what such calls cost is unknown, not NaN. */
export class CostsThatAreNone1764000062000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE ledger SET cost = NULL, currency = NULL, usage = jsonb_set(usage::jsonb, '{cost}', 'null')::json
        WHERE cost IN ('NaN', 'Infinity', '-Infinity');
      UPDATE ledger SET repaid_cost = 0 WHERE repaid_cost IN ('NaN', 'Infinity', '-Infinity');
    `);
  }

  async down(): Promise<void> {
    // There is nothing to bring back.
  }
}
