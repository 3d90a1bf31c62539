import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who publishes a version is told of the batches that stay with an earlier one. */
export class OpenBatchesOfAWorkflow1764000071000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX batches_open_by_workflow ON batches (workflow, created_at, id) WHERE ended_at IS NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX batches_open_by_workflow');
  }
}
