import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a version names itself: an evaluator its prompt. null: nobody told. */
export class ReferenceUses1764000042100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE reference_versions ADD COLUMN uses jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE reference_versions DROP COLUMN uses`);
  }
}
