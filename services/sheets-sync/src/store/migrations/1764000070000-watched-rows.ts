import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was asked for each row of a watched spreadsheet, so that a refusal finds its row. */
export class WatchedRows1764000070000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sheet_watch_rows (
        watch text NOT NULL REFERENCES sheet_watches ON DELETE CASCADE,
        -- Of its name: a cell may be longer than an index takes.
        row uuid NOT NULL,
        name text NOT NULL,
        version integer NOT NULL,
        ordinal integer NOT NULL,
        change text NOT NULL,
        -- The event that asked for its run, and what it asked for.
        event uuid NOT NULL,
        request_hash text NOT NULL,
        -- null: nobody refused it.
        refused_at timestamptz,
        error_code text,
        error text,
        PRIMARY KEY (watch, row)
      );
      CREATE INDEX sheet_watch_rows_event ON sheet_watch_rows (event);
      CREATE INDEX sheet_watch_rows_refused ON sheet_watch_rows (watch, version, ordinal)
        WHERE refused_at IS NOT NULL;
      -- The version of the workflow that refused rows were asked of again last.
      ALTER TABLE sheet_watches ADD retried_version integer;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sheet_watch_rows; ALTER TABLE sheet_watches DROP retried_version');
  }
}
