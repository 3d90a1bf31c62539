import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The rows of a version belong to a content of their own, which is filled before the version exists: a long upload
 * holds no lock, and a version is whole or absent. `table_uploads` knows contents that no version has yet. Cells are
 * arrays in the order of the version's columns.
 */
export class TablesAndCourses1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE tables (
        id text PRIMARY KEY,
        latest integer,
        updated_at timestamptz NOT NULL
      );
      CREATE TABLE table_versions (
        "table" text NOT NULL,
        version integer NOT NULL,
        content uuid NOT NULL,
        hash text NOT NULL,
        columns text[] NOT NULL,
        key_column text,
        row_count integer NOT NULL,
        published_at timestamptz NOT NULL,
        PRIMARY KEY ("table", version)
      );
      CREATE TABLE table_uploads (
        content uuid PRIMARY KEY,
        started_at timestamptz NOT NULL
      );
      CREATE TABLE table_rows (
        content uuid NOT NULL,
        ordinal integer NOT NULL,
        key text,
        cells jsonb NOT NULL,
        PRIMARY KEY (content, ordinal)
      );
      CREATE TABLE courses (
        id text PRIMARY KEY,
        latest integer,
        updated_at timestamptz NOT NULL
      );
      CREATE TABLE course_versions (
        course text NOT NULL,
        version integer NOT NULL,
        hash text NOT NULL,
        document jsonb NOT NULL,
        published_at timestamptz NOT NULL,
        PRIMARY KEY (course, version)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE tables, table_versions, table_uploads, table_rows, courses, course_versions',
    );
  }
}
