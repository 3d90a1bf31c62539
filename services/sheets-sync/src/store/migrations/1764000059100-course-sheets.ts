import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A spreadsheet may be course data: then what its rows do not say, its title and languages, stands here. Null: a table. */
export class CourseSheets1764000059100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sheet_sources ADD COLUMN course jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sheet_sources DROP COLUMN course');
  }
}
