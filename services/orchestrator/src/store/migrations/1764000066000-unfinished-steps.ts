import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Runs of which a step has left something to the next, since it was too much for one transaction. `retried_at`: when the
 * run was retried, while not all of its tasks are taken up again. A row goes with the step that goes on.
 */
export class UnfinishedSteps1764000066000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE unfinished_steps (
        run uuid PRIMARY KEY,
        retried_at timestamptz
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE unfinished_steps');
  }
}
