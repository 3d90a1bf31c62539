import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `ledger`: an effect a row. `outcomes`: an attempt that this service has answered a row, so that a request that comes
 * again is mostly not worked on again. `json`, not `jsonb`: answers are read whole, and may hold NUL characters.
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

/**
 * What was paid, for whom and for what, to be summed up; calls whose end nobody saw, by the ids that vendors were given;
 * how often an answer was read instead of being paid for again.
 */
class LedgerOfMoney1764000012000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE ledger
        ADD workflow text,
        ADD subject text,
        ADD request_id text,
        ADD provider text,
        ADD model text,
        ADD cost numeric,
        ADD currency text,
        ADD repaid integer NOT NULL DEFAULT 0,
        ADD repaid_cost numeric NOT NULL DEFAULT 0,
        ADD interrupted_calls uuid[] NOT NULL DEFAULT '{}',
        ADD interrupted_at timestamptz;
      UPDATE ledger SET provider = usage->>'provider', model = usage->>'model',
        cost = (usage->'cost'->>'amount')::numeric, currency = usage->'cost'->>'currency' WHERE usage IS NOT NULL;
      CREATE INDEX ledger_open ON ledger (lease_until) WHERE state IN ('pending', 'ambiguous');
      CREATE TABLE ledger_replays (
        ledger text NOT NULL,
        run text NOT NULL,
        times integer NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (ledger, run)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE ledger_replays;
      DROP INDEX ledger_open;
      ALTER TABLE ledger DROP workflow, DROP subject, DROP request_id, DROP provider, DROP model, DROP cost,
        DROP currency, DROP repaid, DROP repaid_cost, DROP interrupted_calls, DROP interrupted_at;
    `);
  }
}

/**
 * What kind of thing was paid for; and for whom an answer was used again: of what is the same for all, such as a spoken
 * line, that is another workflow and block than the one that paid.
 */
class LedgerOfAllKinds1764000055000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE ledger ADD kind text;
      UPDATE ledger SET kind = usage->>'kind' WHERE usage IS NOT NULL;
      ALTER TABLE ledger_replays ADD task text NOT NULL DEFAULT '', ADD workflow text, ADD block text,
        DROP CONSTRAINT ledger_replays_pkey, ADD PRIMARY KEY (ledger, run, task);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE replays_of_runs AS SELECT ledger, run, sum(times)::integer AS times, max(at) AS at
        FROM ledger_replays GROUP BY 1, 2;
      DELETE FROM ledger_replays;
      ALTER TABLE ledger_replays DROP CONSTRAINT ledger_replays_pkey, DROP task, DROP workflow, DROP block,
        ADD PRIMARY KEY (ledger, run);
      INSERT INTO ledger_replays (ledger, run, times, at) SELECT * FROM replays_of_runs;
      DROP TABLE replays_of_runs;
      ALTER TABLE ledger DROP kind;
    `);
  }
}

/** Answers that nobody could use, and that later attempts went past: who read them saved nothing. */
class AnswersPassedOver1764000072000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ledger ADD passed_over boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ledger DROP passed_over');
  }
}

/** Of every service that has blocks. */
export const BLOCK_MIGRATIONS = [
  BlockKit1764000001000,
  LedgerOfMoney1764000012000,
  LedgerOfAllKinds1764000055000,
  AnswersPassedOver1764000072000,
];
