import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every save of a workflow's draft stays, so that it can be restored; `version`: what it was published as. */
export class WorkflowRevisions1764000058000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE workflow_revisions (
        workflow text NOT NULL,
        revision integer NOT NULL,
        definition jsonb NOT NULL,
        saved_by text NOT NULL,
        saved_at timestamptz NOT NULL,
        version integer,
        PRIMARY KEY (workflow, revision)
      );
      INSERT INTO workflow_revisions (workflow, revision, definition, saved_by, saved_at)
        SELECT id, revision, draft, coalesce(draft_by, 'local'), coalesce(draft_at, updated_at)
        FROM workflows WHERE draft IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE workflow_revisions');
  }
}
