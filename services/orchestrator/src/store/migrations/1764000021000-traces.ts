import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The trace that a run belongs to, so that it goes on after a restart. */
export class Traces1764000021000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE runs ADD COLUMN traceparent text, ADD COLUMN traced_by text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE runs DROP COLUMN traceparent, DROP COLUMN traced_by`);
  }
}
