import { RATE_TABLES } from '@duofactory/block-kit';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `sheet_sources`: the tab of a spreadsheet that a table comes from. The others: turns of calls, shared by processes. */
export class Sheets1764000043100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sheet_sources (
        id text PRIMARY KEY,
        range jsonb NOT NULL,
        set_by text NOT NULL,
        set_at timestamptz NOT NULL,
        synced_at timestamptz
      );
    `);
    await runner.query(RATE_TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE rate_parties, rate_waiters, rate_states, rate_limits, sheet_sources`);
  }
}
