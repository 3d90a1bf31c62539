import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A pattern may have a last time: after it nothing is due. */
export class SchedulesThatEnd1764000045000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE schedules ALTER COLUMN next_at DROP NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE schedules SET paused = true, next_at = coalesce(last_at, updated_at) WHERE next_at IS NULL;
      ALTER TABLE schedules ALTER COLUMN next_at SET NOT NULL;
    `);
  }
}
