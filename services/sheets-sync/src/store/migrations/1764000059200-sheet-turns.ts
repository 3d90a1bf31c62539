import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who writes to a tab now. Whoever has not renewed its turn until then is gone. */
export class SheetTurns1764000059200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sheet_turns (
        spreadsheet text NOT NULL,
        tab text NOT NULL,
        holder uuid NOT NULL,
        held_until timestamptz NOT NULL,
        PRIMARY KEY (spreadsheet, tab)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sheet_turns');
  }
}
