import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workflows as people wrote them, beside what that means. NULL: nobody wrote a text, as for all that is older. */
export class WorkflowTexts1764000075000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE workflows ADD COLUMN draft_source text;
      ALTER TABLE workflow_revisions ADD COLUMN source text;
      ALTER TABLE workflow_versions ADD COLUMN source text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE workflow_versions DROP COLUMN source;
      ALTER TABLE workflow_revisions DROP COLUMN source;
      ALTER TABLE workflows DROP COLUMN draft_source;
    `);
  }
}
