import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs inside runs, and decisions that wait for people. */
export class ChildrenAndReviews1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE runs ADD COLUMN parent jsonb;
      CREATE INDEX runs_children ON runs ((parent->>'run')) WHERE parent IS NOT NULL;
      CREATE TABLE reviews (
        task uuid PRIMARY KEY,
        run uuid NOT NULL,
        block text NOT NULL,
        key text NOT NULL,
        attempt integer NOT NULL,
        title text,
        assignees text[] NOT NULL,
        edits text,
        payload jsonb NOT NULL,
        status text NOT NULL,
        due_at timestamptz,
        created_at timestamptz NOT NULL,
        decision jsonb
      );
      CREATE INDEX reviews_open ON reviews (created_at, task) WHERE status = 'open';
      CREATE INDEX reviews_due ON reviews (due_at) WHERE status = 'open' AND due_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE reviews; DROP INDEX runs_children; ALTER TABLE runs DROP COLUMN parent;`);
  }
}
