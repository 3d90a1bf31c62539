import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `ledger`: an effect a row. `outcomes`: an attempt that this service has answered a row, so that a request that comes
 * again is not worked on again. `json`, not `jsonb`: answers are read whole, and may hold NUL characters.
 */
class BlockKit1764000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ledger (
        id text PRIMARY KEY,
        owner uuid NOT NULL,
        state text NOT NULL DEFAULT 'pending',
        lineage text NOT NULL,
        run uuid,
        task uuid,
        block text NOT NULL,
        key text NOT NULL,
        sample integer NOT NULL,
        step text NOT NULL,
        request_hash text NOT NULL,
        value json,
        usage json,
        interrupted integer NOT NULL DEFAULT 0,
        started_at timestamptz NOT NULL,
        lease_until timestamptz NOT NULL,
        done_at timestamptz
      ) WITH (fillfactor = 70);
      CREATE INDEX ledger_by_run ON ledger (run, block);
      CREATE INDEX ledger_interrupted ON ledger (started_at) WHERE interrupted > 0;
      CREATE INDEX ledger_by_time ON ledger (started_at);
      CREATE TABLE outcomes (
        task uuid NOT NULL,
        attempt integer NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (task, attempt)
      );
      CREATE INDEX outcomes_by_time ON outcomes USING brin (at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ledger, outcomes');
  }
}

/** Of every service that has blocks. */
export const BLOCK_MIGRATIONS = [BlockKit1764000001000];
