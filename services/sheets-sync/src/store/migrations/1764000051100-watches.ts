import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Spreadsheets that are read by the clock: which workflow each changed row is an input of. */
export class Watches1764000051100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sheet_watches (
        id text PRIMARY KEY REFERENCES sheet_sources ON DELETE CASCADE,
        key text NOT NULL,
        workflow text NOT NULL,
        inputs jsonb NOT NULL,
        every_minutes integer NOT NULL,
        most_runs integer NOT NULL,
        paused boolean NOT NULL,
        -- The version up to which each change had its run; null: the first one to come is the beginning.
        seen_version integer,
        next_at timestamptz NOT NULL,
        last_at timestamptz,
        last_runs integer,
        error text,
        set_by text NOT NULL,
        set_at timestamptz NOT NULL
      );
      CREATE INDEX sheet_watches_due ON sheet_watches (next_at) WHERE NOT paused;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sheet_watches');
  }
}
