import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who started a batch, or told it to go on last; null: nobody said. The runs that it begins are theirs. */
export class BatchesGivenBy1764000053100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE batches ADD COLUMN given_by text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE batches DROP COLUMN given_by`);
  }
}
