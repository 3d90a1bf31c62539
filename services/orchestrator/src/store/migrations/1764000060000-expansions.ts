import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What tasks have made, or joins have joined, and what is to be born of it, a row a step. `sample` is that of the task;
 * 0: the join of the group with this key. Rows go as they are born, so the table is small.
 */
export class Expansions1764000060000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE expansions (
        run uuid NOT NULL,
        block text NOT NULL,
        key text NOT NULL,
        sample integer NOT NULL,
        piece integer NOT NULL,
        payloads jsonb NOT NULL,
        PRIMARY KEY (run, block, key, sample, piece)
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE expansions');
  }
}
