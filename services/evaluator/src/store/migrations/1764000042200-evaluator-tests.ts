import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tests of evaluators. A running one is claimed by a process; another one takes it over when the claim runs out. */
export class EvaluatorTests1764000042200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE evaluator_tests (
        id uuid PRIMARY KEY,
        golden_set text NOT NULL,
        evaluators text[] NOT NULL,
        repeats integer NOT NULL,
        status text NOT NULL,
        done integer NOT NULL DEFAULT 0,
        total integer NOT NULL,
        report jsonb,
        error jsonb,
        author text NOT NULL,
        created_at timestamptz NOT NULL,
        ended_at timestamptz,
        claimed_until timestamptz
      );
      CREATE INDEX evaluator_tests_by_time ON evaluator_tests (created_at DESC, id DESC);
      CREATE INDEX evaluator_tests_running ON evaluator_tests (claimed_until) WHERE status = 'running';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE evaluator_tests');
  }
}
