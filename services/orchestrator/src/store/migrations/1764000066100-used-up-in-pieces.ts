import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A piece may be of what waited and is used up, and a task that ends piece by piece may have been passed by, dropped or
 * kept; null: it has succeeded.
 */
export class UsedUpInPieces1764000066100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE expansions ADD COLUMN used_up boolean NOT NULL DEFAULT false, ADD COLUMN ends jsonb',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE expansions DROP COLUMN used_up, DROP COLUMN ends');
  }
}
