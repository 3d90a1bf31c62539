import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who looks at a review, and decisions that may still be taken back. */
export class ReviewClaims1764000052000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reviews ADD COLUMN claimed_by text, ADD COLUMN claimed_until timestamptz,
        ADD COLUMN undoable_until timestamptz;
      CREATE INDEX reviews_undoable ON reviews (undoable_until) WHERE status = 'open' AND undoable_until IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX reviews_undoable;
      ALTER TABLE reviews DROP COLUMN claimed_by, DROP COLUMN claimed_until, DROP COLUMN undoable_until;
    `);
  }
}
