import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was compared with what: once a version and a content, the latest outcome. A policy may ask for it. */
export class PromptComparisons1764000066000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE prompt_comparisons (
        prompt text NOT NULL,
        since integer NOT NULL,
        hash text NOT NULL,
        inputs integer NOT NULL,
        better integer NOT NULL,
        same integer NOT NULL,
        worse integer NOT NULL,
        unjudged integer NOT NULL,
        compared_at timestamptz NOT NULL,
        PRIMARY KEY (prompt, since, hash)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE prompt_comparisons');
  }
}
