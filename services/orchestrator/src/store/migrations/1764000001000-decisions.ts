import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Expressions, loops, deadlines of tasks, reruns. Keys sort by bytes, so that those below a key are one range. */
export class Decisions1764000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE results ALTER COLUMN key TYPE text COLLATE "C";
      ALTER TABLE tasks ADD COLUMN outcome jsonb, ADD COLUMN deadline_at timestamptz, ADD COLUMN reused_from uuid;
      ALTER TABLE runs ADD COLUMN rerun_of uuid, ADD COLUMN rerun_from text, ADD COLUMN rerun_key text;
      CREATE INDEX tasks_evaluating ON tasks (run, block, ord) WHERE status = 'evaluating';
      CREATE INDEX tasks_deadline ON tasks (deadline_at)
        WHERE status IN ('ready', 'requested', 'backoff') AND deadline_at IS NOT NULL;
      CREATE INDEX groups_deciding ON groups (run, block, key) WHERE state = 'deciding';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX tasks_evaluating, tasks_deadline, groups_deciding;
      ALTER TABLE runs DROP COLUMN rerun_of, DROP COLUMN rerun_from, DROP COLUMN rerun_key;
      ALTER TABLE tasks DROP COLUMN outcome, DROP COLUMN deadline_at, DROP COLUMN reused_from;
      ALTER TABLE results ALTER COLUMN key TYPE text COLLATE "default";
    `);
  }
}
