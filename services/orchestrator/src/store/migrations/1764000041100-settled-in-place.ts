import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A task that was requested at once and succeeds is settled in place: no index knows its status, so that no index is
 * written for it again. What the indexes of waiting tasks need is generated from it, and is null for what is requested,
 * done, or has neither deadline nor back-off. The attempt that settled a task is told by the task's row;
 * `all_attempts` shows it beside the others.
 */
export class SettledInPlace1764000041100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX tasks_ready, tasks_due, tasks_failed, tasks_evaluating, tasks_deadline;
      ALTER TABLE tasks
        ADD COLUMN settled_attempt integer,
        ADD COLUMN usage jsonb,
        ADD COLUMN waits text GENERATED ALWAYS AS (
          CASE WHEN status IN ('ready', 'evaluating', 'failed') THEN status END) STORED,
        ADD COLUMN wakes_at timestamptz GENERATED ALWAYS AS (
          CASE WHEN status = 'backoff' OR (status = 'requested' AND begun_at >= requested_at) THEN due_at END) STORED,
        ADD COLUMN expires_at timestamptz GENERATED ALWAYS AS (
          CASE WHEN status IN ('ready', 'requested', 'backoff') THEN deadline_at END) STORED;
      ALTER TABLE tasks SET (fillfactor = 50);
      CREATE INDEX tasks_ready ON tasks (run, block, ord) WHERE waits = 'ready';
      CREATE INDEX tasks_evaluating ON tasks (run, block, ord) WHERE waits = 'evaluating';
      CREATE INDEX tasks_failed ON tasks (run) WHERE waits = 'failed';
      CREATE INDEX tasks_due ON tasks (wakes_at) WHERE wakes_at IS NOT NULL;
      CREATE INDEX tasks_deadline ON tasks (expires_at) WHERE expires_at IS NOT NULL;
      CREATE VIEW all_attempts AS SELECT * FROM (
        SELECT task, attempt, outcome, settled, error, usage, requested_at, begun_at, worker, at, id FROM attempts
        UNION ALL
        SELECT id, settled_attempt, CASE WHEN settled_attempt IS NOT NULL THEN 'completed' END, true, NULL::jsonb, usage,
          CASE WHEN settled_attempt = attempt THEN requested_at END, begun_at, worker, ended_at, ${LAST}::bigint
        FROM tasks
      ) told WHERE outcome IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      INSERT INTO attempts (task, attempt, outcome, settled, error, usage, requested_at, begun_at, worker, at)
        SELECT task, attempt, outcome, settled, error, usage, requested_at, begun_at, worker, at FROM all_attempts
        WHERE id = ${LAST};
      DROP VIEW all_attempts;
      ALTER TABLE tasks SET (fillfactor = 70);
      ALTER TABLE tasks DROP COLUMN waits, DROP COLUMN wakes_at, DROP COLUMN expires_at, DROP COLUMN settled_attempt,
        DROP COLUMN usage;
      CREATE INDEX tasks_ready ON tasks (run, block, ord) WHERE status = 'ready';
      CREATE INDEX tasks_due ON tasks (due_at) WHERE status IN ('backoff', 'requested') AND due_at IS NOT NULL;
      CREATE INDEX tasks_failed ON tasks (run) WHERE status = 'failed';
      CREATE INDEX tasks_evaluating ON tasks (run, block, ord) WHERE status = 'evaluating';
      CREATE INDEX tasks_deadline ON tasks (deadline_at)
        WHERE status IN ('ready', 'requested', 'backoff') AND deadline_at IS NOT NULL;
    `);
  }
}

/** Behind every attempt of its task that failed: exact as a floating-point number too. */
const LAST = String(2 ** 62);
