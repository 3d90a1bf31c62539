import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which trigger started a run, upon which run's event, and how many triggers led to it. */
export class TriggeredRuns1764000073100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs ADD COLUMN triggered jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs DROP COLUMN triggered');
  }
}
