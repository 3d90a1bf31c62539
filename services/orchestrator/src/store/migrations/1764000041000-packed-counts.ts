import type { MigrationInterface, QueryRunner } from 'typeorm';

const NUMBERS = [
  'open_work',
  'tasks',
  'done',
  'failed',
  'skipped',
  'unmatched',
  'good',
  'payloads',
  'ready',
  'requested',
  'cost',
  'unpriced',
];

/**
 * The counters of a run's first sixteen blocks go into the run's own row, which every transition writes anyway; those of
 * longer definitions into rows of sixteen blocks each. `blocks` is a view of them. Of a run that goes on over this
 * change all counters are in its row.
 */
export class PackedCounts1764000041000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const texts = [...NUMBERS.map((name) => `b.${name}`), 'b.closed::int'].join(`, ',', `);
    const shown = NUMBERS.map(
      (name, i) => `n[${i + 1}]::${name === 'cost' ? 'double precision' : 'bigint'} AS ${name}`,
    ).join(', ');
    await runner.query(`
      ALTER TABLE runs ADD COLUMN counts text NOT NULL DEFAULT '';
      CREATE TABLE more_counts (
        run uuid NOT NULL,
        part integer NOT NULL,
        counts text NOT NULL,
        PRIMARY KEY (run, part)
      ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
        autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_cost_limit = 2000);
      UPDATE runs r SET counts = packed.counts FROM (
        SELECT run, string_agg(concat(b.block, ':', ${texts}), ';') AS counts FROM blocks b GROUP BY run) packed
      WHERE r.id = packed.run;
      DROP TABLE blocks;
      CREATE VIEW blocks AS
        SELECT run, split_part(line, ':', 1) AS block, ${shown}, n[13]::int = 1 AS closed
        FROM (SELECT id AS run, counts FROM runs UNION ALL SELECT run, counts FROM more_counts) c
        CROSS JOIN LATERAL string_to_table(c.counts, ';') AS l(line)
        CROSS JOIN LATERAL string_to_array(split_part(line, ':', 2), ',') AS v(n);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    const numbers = NUMBERS.map((name) =>
      name === 'cost' ? 'cost double precision NOT NULL' : `${name} bigint NOT NULL`,
    ).join(', ');
    await runner.query(`
      CREATE TABLE unpacked (run uuid NOT NULL, block text NOT NULL, ${numbers}, closed boolean NOT NULL,
        PRIMARY KEY (run, block)) WITH (fillfactor = 50);
      INSERT INTO unpacked SELECT * FROM blocks;
      DROP VIEW blocks;
      ALTER TABLE unpacked RENAME TO blocks;
      ALTER INDEX unpacked_pkey RENAME TO blocks_pkey;
      DROP TABLE more_counts;
      ALTER TABLE runs DROP COLUMN counts;
    `);
  }
}
