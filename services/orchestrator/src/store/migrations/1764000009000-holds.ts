import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why runs are held, so that they go on when it is over. A hold that was lifted to an epoch holds nothing of an earlier one. */
export class Holds1764000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE holds (
        id text PRIMARY KEY,
        epoch bigint NOT NULL
      );
      CREATE TABLE held_runs (
        run uuid PRIMARY KEY,
        hold text NOT NULL,
        until timestamptz
      );
      CREATE INDEX held_runs_by_hold ON held_runs (hold);
      CREATE INDEX held_runs_by_time ON held_runs (until) WHERE until IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE held_runs, holds`);
  }
}
