import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a run's history needs beside its rows: written by the statements that write these rows anyway, and a row for
 * each change of a run's status that they do not tell.
 */
export class History1764000006100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE attempts ADD COLUMN requested_at timestamptz, ADD COLUMN begun_at timestamptz, ADD COLUMN worker text;
      ALTER TABLE tasks ADD COLUMN begun_at timestamptz, ADD COLUMN worker text;
      ALTER TABLE groups ADD COLUMN fired_at timestamptz;
      CREATE TABLE run_transitions (
        run uuid NOT NULL,
        id bigint GENERATED ALWAYS AS IDENTITY,
        at timestamptz NOT NULL,
        status text NOT NULL,
        was text NOT NULL,
        cause text,
        PRIMARY KEY (run, id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE run_transitions;
      ALTER TABLE groups DROP COLUMN fired_at;
      ALTER TABLE tasks DROP COLUMN begun_at, DROP COLUMN worker;
      ALTER TABLE attempts DROP COLUMN requested_at, DROP COLUMN begun_at, DROP COLUMN worker;
    `);
  }
}
