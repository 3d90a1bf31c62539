import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What starts runs by itself: the time, and events. */
export class SchedulesAndTriggers1764000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE schedules (
        id text PRIMARY KEY,
        workflow text NOT NULL,
        inputs jsonb NOT NULL,
        cron text NOT NULL,
        time_zone text NOT NULL,
        missed text NOT NULL,
        paused boolean NOT NULL,
        next_at timestamptz NOT NULL,
        last_at timestamptz,
        last_run uuid,
        error text,
        updated_at timestamptz NOT NULL
      );
      CREATE INDEX schedules_due ON schedules (next_at) WHERE NOT paused;
      CREATE TABLE triggers (
        id text PRIMARY KEY,
        topic text NOT NULL,
        type text NOT NULL,
        source text,
        condition text,
        workflow text NOT NULL,
        inputs jsonb NOT NULL,
        paused boolean NOT NULL,
        updated_at timestamptz NOT NULL
      );
      CREATE INDEX triggers_by_type ON triggers (type) WHERE NOT paused;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE triggers, schedules`);
  }
}
