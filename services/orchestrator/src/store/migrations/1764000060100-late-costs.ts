import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs inside runs that have cost something after their end, until the run above them is told; `times`: how often so far. */
export class LateCosts1764000060100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE late_costs (run uuid PRIMARY KEY, times integer NOT NULL DEFAULT 1)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE late_costs');
  }
}
