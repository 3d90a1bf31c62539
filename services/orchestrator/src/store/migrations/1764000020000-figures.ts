import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is open is found without reading what has ended. */
export class Figures1764000020000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX runs_open ON runs (id) WHERE ended_at IS NULL;
      CREATE INDEX dead_letters_open ON dead_letters (parked_at, id) WHERE redriven_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX runs_open, dead_letters_open`);
  }
}
