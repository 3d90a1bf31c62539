import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Drafts of workflows. A draft that runs is kept as a version that is not published: its number comes from the same
 * row of numbers, so whatever is pinned to it reads it like any other.
 */
export class Drafts1764000006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE workflows ADD COLUMN draft_by text, ADD COLUMN draft_at timestamptz;
      ALTER TABLE workflows ALTER COLUMN revision SET DEFAULT 0;
      UPDATE workflows SET revision = 0;
      ALTER TABLE workflow_versions ADD COLUMN published boolean NOT NULL DEFAULT true, ADD COLUMN revision integer,
        ADD COLUMN author text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE workflow_versions DROP COLUMN published, DROP COLUMN revision, DROP COLUMN author;
      ALTER TABLE workflows ALTER COLUMN revision SET DEFAULT 1;
      ALTER TABLE workflows DROP COLUMN draft_by, DROP COLUMN draft_at;
    `);
  }
}
