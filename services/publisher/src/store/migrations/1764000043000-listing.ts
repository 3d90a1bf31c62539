import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a course's manifest must say stands in the catalog first (`listed`); the manifest is made from it, and then the
 * change is told (`settled`). So a change that was interrupted anywhere is found and finished.
 */
export class Listing1764000043000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE episodes
        -- The version that the manifest must have; null: none.
        ADD listed integer,
        ADD change text NOT NULL DEFAULT 'published',
        -- Grows with every change, so that each is told once.
        ADD change_number integer NOT NULL DEFAULT 0,
        ADD changed_by text,
        ADD recall uuid,
        ADD settled boolean NOT NULL DEFAULT true;
      UPDATE episodes SET listed = version;
      CREATE INDEX episodes_unsettled ON episodes (environment, course) WHERE NOT settled;
      ALTER TABLE episode_versions ADD run_status text NOT NULL DEFAULT 'running';
      CREATE INDEX episode_versions_by_input ON episode_versions USING gin (provenance jsonb_path_ops);
      CREATE TABLE recalls (
        id uuid PRIMARY KEY,
        input jsonb NOT NULL,
        environments text[] NOT NULL,
        remedy text NOT NULL,
        reason text NOT NULL,
        recalled_by text NOT NULL,
        recalled_at timestamptz NOT NULL,
        episodes jsonb NOT NULL
      );
      CREATE INDEX recalls_by_time ON recalls (recalled_at DESC, id DESC);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE recalls;
      DROP INDEX episode_versions_by_input;
      ALTER TABLE episode_versions DROP run_status;
      ALTER TABLE episodes DROP listed, DROP change, DROP change_number, DROP changed_by, DROP recall, DROP settled;
    `);
  }
}
