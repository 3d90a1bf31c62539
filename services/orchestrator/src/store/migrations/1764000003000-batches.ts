import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One workflow over a list of inputs. Runs are found by their inputs, to know what is done already. */
export class Batches1764000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX runs_by_inputs ON runs (workflow, jsonb_hash(inputs));
      CREATE TABLE batches (
        id uuid PRIMARY KEY,
        name text,
        workflow text NOT NULL,
        version integer NOT NULL,
        status text NOT NULL,
        reason text,
        concurrency integer NOT NULL,
        max_cost double precision,
        existing text NOT NULL,
        request_hash text NOT NULL,
        created_at timestamptz NOT NULL,
        ended_at timestamptz
      );
      CREATE INDEX batches_by_time ON batches (created_at DESC, id DESC);
      CREATE INDEX batches_open ON batches (id) WHERE status IN ('running', 'stopping');
      CREATE TABLE batch_items (
        batch uuid NOT NULL,
        ord integer NOT NULL,
        inputs jsonb NOT NULL,
        status text NOT NULL,
        run uuid,
        error text,
        cost double precision NOT NULL DEFAULT 0,
        begun_at timestamptz,
        PRIMARY KEY (batch, ord)
      );
      CREATE INDEX batch_items_by_status ON batch_items (batch, status, ord);
      CREATE INDEX batch_items_by_run ON batch_items (run) WHERE run IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE batch_items, batches; DROP INDEX runs_by_inputs;`);
  }
}
