import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many results a piece is, to be added up without reading what they are; none in a join's. */
export class UnbornResults1764000064000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE expansions ADD COLUMN results integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE expansions DROP COLUMN results');
  }
}
