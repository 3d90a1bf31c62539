import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where the list of a batch came from; what a retried item ran before; and counters, so that the progress of a batch of
 * 100,000 items is read from a handful of rows. A trigger keeps them: items change in five statements, and a sum that
 * one of them forgot would never come right again.
 */
export class BatchSources1764000008000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE batches ADD COLUMN source jsonb;
      ALTER TABLE batch_items ADD COLUMN previous uuid, ADD COLUMN spent double precision NOT NULL DEFAULT 0;
      CREATE TABLE batch_counts (
        batch uuid NOT NULL,
        status text NOT NULL,
        items integer NOT NULL,
        -- Sums go up and down: in binary fractions they would drift.
        cost numeric NOT NULL,
        PRIMARY KEY (batch, status)
      ) WITH (fillfactor = 50);
      INSERT INTO batch_counts (batch, status, items, cost)
        SELECT batch, status, count(*), sum(cost::numeric) FROM batch_items GROUP BY batch, status;
      CREATE FUNCTION count_batch_items() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO batch_counts AS c (batch, status, items, cost)
            SELECT batch, status, sum(items), sum(cost) FROM (
              SELECT batch, status, 1 AS items, cost::numeric AS cost FROM came
              UNION ALL SELECT batch, status, -1, -cost::numeric FROM gone) AS moved
            GROUP BY batch, status HAVING sum(items) <> 0 OR sum(cost) <> 0
            -- One order for all writers: no deadlock.
            ORDER BY batch, status
            ON CONFLICT (batch, status) DO UPDATE
              SET items = c.items + excluded.items, cost = c.cost + excluded.cost;
          RETURN NULL;
        END $$;
      CREATE FUNCTION count_new_batch_items() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO batch_counts AS c (batch, status, items, cost)
            SELECT batch, status, count(*), sum(cost::numeric) FROM came GROUP BY batch, status ORDER BY batch, status
            ON CONFLICT (batch, status) DO UPDATE
              SET items = c.items + excluded.items, cost = c.cost + excluded.cost;
          RETURN NULL;
        END $$;
      CREATE TRIGGER count_new_items AFTER INSERT ON batch_items REFERENCING NEW TABLE AS came
        FOR EACH STATEMENT EXECUTE FUNCTION count_new_batch_items();
      CREATE TRIGGER count_items AFTER UPDATE ON batch_items REFERENCING OLD TABLE AS gone NEW TABLE AS came
        FOR EACH STATEMENT EXECUTE FUNCTION count_batch_items();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER count_items ON batch_items;
      DROP TRIGGER count_new_items ON batch_items;
      DROP FUNCTION count_batch_items, count_new_batch_items;
      DROP TABLE batch_counts;
      ALTER TABLE batch_items DROP COLUMN previous, DROP COLUMN spent;
      ALTER TABLE batches DROP COLUMN source;
    `);
  }
}
