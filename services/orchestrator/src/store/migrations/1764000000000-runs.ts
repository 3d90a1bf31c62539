import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Workflows and the state of runs. No foreign keys and a low fill factor on the rows that every settlement updates:
 * a run of 100,000 tasks updates its own row some hundred times, in place.
 */
export class Runs1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE workflows (
        id text PRIMARY KEY,
        draft jsonb,
        revision integer NOT NULL DEFAULT 1,
        latest integer,
        updated_at timestamptz NOT NULL
      );
      CREATE TABLE workflow_versions (
        workflow text NOT NULL,
        version integer NOT NULL,
        definition jsonb NOT NULL,
        manifests jsonb NOT NULL,
        hash text NOT NULL,
        note text,
        published_at timestamptz NOT NULL,
        PRIMARY KEY (workflow, version)
      );
      CREATE TABLE block_types (
        type text PRIMARY KEY,
        service text NOT NULL,
        manifest jsonb NOT NULL,
        registered_at timestamptz NOT NULL
      );
      CREATE TABLE reference_versions (
        kind text NOT NULL,
        id text NOT NULL,
        version integer NOT NULL,
        labels text[] NOT NULL,
        hash text NOT NULL,
        reads text[],
        PRIMARY KEY (kind, id, version)
      );
      CREATE TABLE runs (
        id uuid PRIMARY KEY,
        workflow text NOT NULL,
        version integer NOT NULL,
        status text NOT NULL,
        reason text,
        final boolean NOT NULL DEFAULT false,
        inputs jsonb NOT NULL,
        pins jsonb NOT NULL DEFAULT '{}',
        lineage uuid NOT NULL,
        open_work bigint NOT NULL,
        errors bigint NOT NULL DEFAULT 0,
        seq bigint NOT NULL DEFAULT 0,
        deadline_at timestamptz,
        stopping_at timestamptz,
        idempotency_key text UNIQUE,
        request_hash text,
        created_at timestamptz NOT NULL,
        ended_at timestamptz
      ) WITH (fillfactor = 50);
      CREATE INDEX runs_by_time ON runs (created_at DESC, id DESC);
      CREATE INDEX runs_stopping ON runs (stopping_at) WHERE status = 'stopping';
      CREATE INDEX runs_deadline ON runs (deadline_at) WHERE ended_at IS NULL AND deadline_at IS NOT NULL;
      CREATE TABLE blocks (
        run uuid NOT NULL,
        block text NOT NULL,
        open_work bigint NOT NULL DEFAULT 0,
        tasks bigint NOT NULL DEFAULT 0,
        done bigint NOT NULL DEFAULT 0,
        failed bigint NOT NULL DEFAULT 0,
        skipped bigint NOT NULL DEFAULT 0,
        unmatched bigint NOT NULL DEFAULT 0,
        good bigint NOT NULL DEFAULT 0,
        ready bigint NOT NULL DEFAULT 0,
        requested bigint NOT NULL DEFAULT 0,
        cost double precision NOT NULL DEFAULT 0,
        unpriced bigint NOT NULL DEFAULT 0,
        closed boolean NOT NULL DEFAULT false,
        PRIMARY KEY (run, block)
      ) WITH (fillfactor = 50);
      CREATE TABLE groups (
        run uuid NOT NULL,
        block text NOT NULL,
        key text NOT NULL,
        open_work bigint NOT NULL,
        state text NOT NULL DEFAULT 'open',
        round integer NOT NULL DEFAULT 1,
        PRIMARY KEY (run, block, key)
      ) WITH (fillfactor = 50);
      CREATE TABLE tasks (
        id uuid PRIMARY KEY,
        run uuid NOT NULL,
        block text NOT NULL,
        key text NOT NULL,
        ord integer[] NOT NULL,
        sample integer NOT NULL,
        status text NOT NULL,
        attempt integer NOT NULL DEFAULT 0,
        failures integer NOT NULL DEFAULT 0,
        lost integer NOT NULL DEFAULT 0,
        payloads integer,
        due_at timestamptz,
        input_hash text,
        error jsonb,
        created_at timestamptz NOT NULL,
        requested_at timestamptz,
        ended_at timestamptz
      ) WITH (fillfactor = 70);
      CREATE INDEX tasks_ready ON tasks (run, block, ord) WHERE status = 'ready';
      CREATE INDEX tasks_due ON tasks (due_at) WHERE status IN ('backoff', 'requested') AND due_at IS NOT NULL;
      CREATE INDEX tasks_failed ON tasks (run) WHERE status = 'failed';
      CREATE INDEX tasks_by_block ON tasks (run, block, ord);
      CREATE TABLE results (
        run uuid NOT NULL,
        block text NOT NULL,
        key text NOT NULL,
        ord integer[] NOT NULL,
        state text NOT NULL,
        value jsonb,
        ref jsonb,
        PRIMARY KEY (run, block, key)
      );
      CREATE TABLE waiting (
        run uuid NOT NULL,
        block text NOT NULL,
        "group" text NOT NULL,
        need text NOT NULL,
        key text NOT NULL,
        ord integer[] NOT NULL,
        round integer NOT NULL DEFAULT 1,
        PRIMARY KEY (run, block, "group", need, key)
      );
      CREATE TABLE attempts (
        task uuid NOT NULL,
        attempt integer NOT NULL,
        outcome text NOT NULL,
        settled boolean NOT NULL,
        error jsonb,
        usage jsonb,
        at timestamptz NOT NULL,
        id bigint GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (task, attempt, id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE attempts, waiting, results, tasks, groups, blocks, runs, reference_versions, block_types, workflow_versions, workflows`,
    );
  }
}
