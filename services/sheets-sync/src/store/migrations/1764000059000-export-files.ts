import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that exports made, by content and name: the same rows exported again are the same file. */
export class ExportFiles1764000059000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE export_files (
        hash text NOT NULL,
        name text NOT NULL,
        object text NOT NULL,
        media_type text NOT NULL,
        size_bytes bigint NOT NULL,
        made_at timestamptz NOT NULL,
        PRIMARY KEY (hash, name)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE export_files');
  }
}
