import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many payloads each block of a run has made, kept and passed ones included: what `maxPayloads` bounds. */
export class PayloadCounts1764000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE blocks ADD COLUMN payloads bigint NOT NULL DEFAULT 0;
      UPDATE blocks b SET payloads = made.payloads
      FROM (SELECT run, block, count(*) AS payloads FROM results GROUP BY run, block) made
      WHERE b.run = made.run AND b.block = made.block;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE blocks DROP COLUMN payloads`);
  }
}
