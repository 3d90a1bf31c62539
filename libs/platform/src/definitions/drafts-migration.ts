import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Drafts of definitions. Every save is a revision that stays, so that it can be restored; the draft is the one that
 * `definitions.draft` names, and `version` what it was published as. `source` is the YAML as it was written, with its
 * comments.
 */
export class DefinitionDrafts1764000042000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE definitions ADD COLUMN revision integer NOT NULL DEFAULT 0, ADD COLUMN draft integer;
      ALTER TABLE definition_versions ADD COLUMN source text;
      CREATE TABLE definition_revisions (
        kind text NOT NULL,
        id text NOT NULL,
        revision integer NOT NULL,
        definition jsonb NOT NULL,
        source text NOT NULL,
        saved_by text NOT NULL,
        saved_at timestamptz NOT NULL,
        version integer,
        PRIMARY KEY (kind, id, revision)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE definition_revisions;
      ALTER TABLE definition_versions DROP COLUMN source;
      ALTER TABLE definitions DROP COLUMN revision, DROP COLUMN draft;
    `);
  }
}
