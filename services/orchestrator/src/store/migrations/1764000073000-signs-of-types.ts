import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a service of a block type last gave a sign: what nobody has begun is lost once all of them are silent. */
export class SignsOfTypes1764000073000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE block_types ADD COLUMN signed_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE block_types DROP COLUMN signed_at');
  }
}
