import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Indexes for lists that people filter, and vacuum by table. By PostgreSQL's own settings a table is cleaned once a fifth
 * of it is dead: of ten million tasks two million. Rows that every settlement updates are cleaned after thousands, at a
 * pace that keeps up; tables that only grow are left alone, but for the map that lets reads trust their indexes.
 */
export class PlansAndVacuum1764000008100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX runs_by_workflow ON runs (workflow, created_at DESC, id DESC);
      CREATE INDEX runs_by_status ON runs (status, created_at DESC, id DESC)
        WHERE status NOT IN ('running', 'completed');
      CREATE INDEX runs_ended ON runs (ended_at, status) WHERE ended_at IS NOT NULL;
      ALTER TABLE tasks SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000,
        autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_cost_limit = 2000);
      ALTER TABLE runs SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
        autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_cost_limit = 2000);
      ALTER TABLE blocks SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
        autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_cost_limit = 2000);
      ALTER TABLE groups SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
        autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_cost_limit = 2000);
      ALTER TABLE batch_counts SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
      ALTER TABLE outbox SET (autovacuum_vacuum_cost_limit = 2000);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX runs_by_workflow, runs_by_status, runs_ended;
      ALTER TABLE outbox RESET (autovacuum_vacuum_cost_limit);
      ALTER TABLE batch_counts RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
      ALTER TABLE tasks RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
        autovacuum_analyze_scale_factor, autovacuum_vacuum_cost_limit);
      ALTER TABLE runs RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
        autovacuum_analyze_scale_factor, autovacuum_vacuum_cost_limit);
      ALTER TABLE blocks RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
        autovacuum_analyze_scale_factor, autovacuum_vacuum_cost_limit);
      ALTER TABLE groups RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
        autovacuum_analyze_scale_factor, autovacuum_vacuum_cost_limit);
    `);
  }
}
