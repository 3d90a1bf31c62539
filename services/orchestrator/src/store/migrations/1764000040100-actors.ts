import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who started a run, and who gave a command to it; null: nobody did, or nobody said. */
export class Actors1764000040100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE runs ADD COLUMN started_by text;
      ALTER TABLE run_transitions ADD COLUMN given_by text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE run_transitions DROP COLUMN given_by;
      ALTER TABLE runs DROP COLUMN started_by;
    `);
  }
}
