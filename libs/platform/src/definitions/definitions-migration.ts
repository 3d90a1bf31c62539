import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DefinitionDrafts1764000042000 } from './drafts-migration.js';
import { DefinitionPins1764000054000 } from './pins-migration.js';

/** Things that are published as versions, such as prompts and evaluators. A version never changes; its labels move. */
class Definitions1764000001500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE definitions (
        kind text NOT NULL,
        id text NOT NULL,
        latest integer,
        PRIMARY KEY (kind, id)
      );
      CREATE TABLE definition_versions (
        kind text NOT NULL,
        id text NOT NULL,
        version integer NOT NULL,
        hash text NOT NULL,
        definition jsonb NOT NULL,
        labels text[] NOT NULL DEFAULT '{}',
        note text,
        author text NOT NULL,
        published_at timestamptz NOT NULL,
        PRIMARY KEY (kind, id, version)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE definition_versions, definitions');
  }
}

/** Of every service that has a DefinitionLibrary. */
export const DEFINITION_MIGRATIONS = [
  Definitions1764000001500,
  DefinitionDrafts1764000042000,
  DefinitionPins1764000054000,
];
