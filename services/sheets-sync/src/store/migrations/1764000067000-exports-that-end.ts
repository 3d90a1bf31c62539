import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a file's time had come: from then on it is not given out, and its object is deleted a while later. */
export class ExportsThatEnd1764000067000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE export_files ADD removed_at timestamptz, ADD deleting_until timestamptz;
      CREATE INDEX export_files_made_at ON export_files (made_at) WHERE removed_at IS NULL;
      CREATE INDEX export_files_removed_at ON export_files (removed_at) WHERE removed_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM export_files WHERE removed_at IS NOT NULL;
      DROP INDEX export_files_made_at, export_files_removed_at;
      ALTER TABLE export_files DROP removed_at, DROP deleting_until;
    `);
  }
}
