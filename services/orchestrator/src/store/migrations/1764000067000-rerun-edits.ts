import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Results that a person has corrected for a rerun: those of the run before are taken over as they are here. */
export class RerunEdits1764000067000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs ADD COLUMN rerun_edits jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs DROP COLUMN rerun_edits');
  }
}
