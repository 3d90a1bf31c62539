import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `jsonb` puts the fields of a manifest in an order of its own; `json` keeps the one in which its author wants them
 * filled in. What is there gets its order back when its service announces it again, at its start.
 */
export class ManifestsAsWritten1764000085000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE block_types ALTER COLUMN manifest TYPE json USING manifest::json');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE block_types ALTER COLUMN manifest TYPE jsonb USING manifest::jsonb');
  }
}
