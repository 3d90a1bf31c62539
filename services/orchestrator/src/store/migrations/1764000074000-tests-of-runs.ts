import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a run only tries something out: a block by itself, or what is not published. */
export class TestsOfRuns1764000074000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs ADD COLUMN test_of text');
    await runner.query(`UPDATE runs r SET test_of = CASE WHEN r.workflow LIKE '%--test' THEN 'block' ELSE 'draft' END
      FROM workflow_versions v WHERE v.workflow = r.workflow AND v.version = r.version AND NOT v.published`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs DROP COLUMN test_of');
  }
}
