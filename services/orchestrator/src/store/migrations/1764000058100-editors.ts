import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who types where right now: a row a tab of a browser, gone a minute after the last key. Nothing hangs on it. */
export class Editors1764000058100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE editors (
        tab uuid PRIMARY KEY,
        place text NOT NULL,
        person text NOT NULL,
        typed_at timestamptz NOT NULL
      );
      CREATE INDEX editors_by_place ON editors (place, typed_at);
      CREATE INDEX editors_by_time ON editors (typed_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE editors');
  }
}
