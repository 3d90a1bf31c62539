import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is kept for so long is found by when it ended, and who refers to a run by the run. */
export class Retention1764000093000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE leftovers (run uuid PRIMARY KEY);
      CREATE INDEX runs_by_end ON runs (ended_at, id) WHERE ended_at IS NOT NULL AND parent IS NULL;
      CREATE INDEX runs_reruns ON runs (rerun_of) WHERE rerun_of IS NOT NULL;
      CREATE INDEX runs_triggered ON runs ((triggered->>'after')) WHERE triggered IS NOT NULL;
      CREATE INDEX batches_by_end ON batches (ended_at) WHERE ended_at IS NOT NULL;
      CREATE INDEX batch_items_previous ON batch_items (previous) WHERE previous IS NOT NULL;
      CREATE INDEX dead_letters_redriven ON dead_letters (redriven_at) WHERE redriven_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX runs_by_end, runs_reruns, runs_triggered, batches_by_end, batch_items_previous, dead_letters_redriven;
      DROP TABLE leftovers;
    `);
  }
}
