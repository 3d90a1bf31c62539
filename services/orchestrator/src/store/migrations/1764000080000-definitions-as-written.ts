import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Definitions keep the order in which people wrote their members: the columns of an export lie in it. */
export class DefinitionsAsWritten1764000080000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // What it says afterwards is true of either type.
    await runner.query(`
      DO $do$ BEGIN
        EXECUTE replace(pg_get_functiondef('awaits_review(uuid)'::regprocedure),
          $$(v.definition->'blocks')$$, $$((v.definition->'blocks')::jsonb)$$);
      END $do$
    `);
    await alter(runner, 'json');
  }

  async down(runner: QueryRunner): Promise<void> {
    await alter(runner, 'jsonb');
  }
}

async function alter(runner: QueryRunner, type: 'json' | 'jsonb'): Promise<void> {
  await runner.query(`
    ALTER TABLE workflows ALTER COLUMN draft TYPE ${type} USING draft::${type};
    ALTER TABLE workflow_versions ALTER COLUMN definition TYPE ${type} USING definition::${type};
    ALTER TABLE workflow_revisions ALTER COLUMN definition TYPE ${type} USING definition::${type};
  `);
}
