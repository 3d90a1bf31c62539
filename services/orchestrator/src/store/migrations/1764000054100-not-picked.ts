import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `not_picked`: why a task that picks left payloads out, by their keys. */
export class NotPicked1764000054100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE not_picked (task uuid PRIMARY KEY, why jsonb NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE not_picked');
  }
}
