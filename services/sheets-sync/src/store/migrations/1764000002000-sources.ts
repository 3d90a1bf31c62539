import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables and courses by version: a version never changes, so a run that reads one reads the same for ever. */
export class Sources1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sources (
        kind text NOT NULL,
        id text NOT NULL,
        latest integer,
        PRIMARY KEY (kind, id)
      );
      CREATE TABLE source_versions (
        kind text NOT NULL,
        id text NOT NULL,
        version integer NOT NULL,
        hash text NOT NULL,
        -- Of a table: its columns. Of a course: all of it but the units.
        head jsonb NOT NULL,
        rows integer NOT NULL,
        published_at timestamptz NOT NULL,
        PRIMARY KEY (kind, id, version)
      );
      -- Of a table: the cells in the order of its columns. Of a course: a unit.
      CREATE TABLE source_rows (
        kind text NOT NULL,
        id text NOT NULL,
        version integer NOT NULL,
        ordinal integer NOT NULL,
        value json NOT NULL,
        PRIMARY KEY (kind, id, version, ordinal)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE source_rows, source_versions, sources');
  }
}
