import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The catalog. A version is reserved before anything is written to the object store, so that a crash leaves no stranger there. */
export class Catalog1764000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE courses (
        environment text NOT NULL,
        id text NOT NULL,
        "from" text NOT NULL,
        "to" text NOT NULL,
        PRIMARY KEY (environment, id)
      );
      CREATE TABLE nodes (
        environment text NOT NULL,
        course text NOT NULL,
        id text NOT NULL,
        name text NOT NULL,
        level text NOT NULL,
        PRIMARY KEY (environment, course, id)
      );
      CREATE TABLE episodes (
        id uuid NOT NULL,
        environment text NOT NULL,
        course text NOT NULL,
        node text NOT NULL,
        slot integer NOT NULL,
        wrapper text NOT NULL,
        -- The version that readers get; null until the first is published.
        version integer,
        status text NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        updated_at timestamptz NOT NULL,
        PRIMARY KEY (environment, id)
      );
      CREATE INDEX episodes_by_node ON episodes (environment, course, node, slot);
      CREATE INDEX episodes_by_time ON episodes (updated_at DESC, id);
      CREATE TABLE episode_versions (
        environment text NOT NULL,
        episode uuid NOT NULL,
        version integer NOT NULL,
        hash text NOT NULL,
        task uuid NOT NULL,
        run uuid NOT NULL,
        state text NOT NULL,
        title text NOT NULL,
        viability double precision NOT NULL,
        schema_version integer NOT NULL,
        object text NOT NULL,
        audio jsonb NOT NULL,
        provenance jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        published_at timestamptz,
        PRIMARY KEY (environment, episode, version)
      );
      CREATE INDEX episode_versions_by_run ON episode_versions (run);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE episode_versions, episodes, nodes, courses');
  }
}
