import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which failure stands at a watch: what to do when it is set again depends on it. */
export class WatchErrors1764000065000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sheet_watches ADD error_code text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sheet_watches DROP error_code');
  }
}
