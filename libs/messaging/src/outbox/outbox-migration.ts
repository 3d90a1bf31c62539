import { qualified } from './sql.js';

/** What the migration uses of TypeORM's QueryRunner. */
interface Runner {
  query(sql: string): Promise<unknown>;
  readonly connection?: { readonly options: object };
}

/**
 * Tables `outbox` and `dead_letters`, in the data source's schema.
 * `json`, not `jsonb`: it is written once and read hardly ever, and must take any text, NUL characters too.
 * Rows of the outbox live for milliseconds: room on the page keeps updates of `due_at` in place, and vacuum comes early.
 */
class OutboxMigration {
  readonly name = 'Outbox1764000000000';

  async up(runner: Runner): Promise<void> {
    const schema = schemaOf(runner);
    await runner.query(`
      create table ${qualified('outbox', schema)} (
        id uuid primary key,
        topic text not null,
        messages json not null,
        created_at timestamptz not null,
        due_at timestamptz not null
      ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)`);
    await runner.query(`
      create table ${qualified('dead_letters', schema)} (
        id uuid primary key,
        topic text not null,
        group_name text not null,
        key text not null,
        headers jsonb not null,
        body bytea not null,
        error_code text not null,
        error_message text not null,
        attempts integer not null,
        parked_at timestamptz not null,
        redriven_at timestamptz
      )`);
  }

  async down(runner: Runner): Promise<void> {
    const schema = schemaOf(runner);
    await runner.query(`drop table ${qualified('dead_letters', schema)}`);
    await runner.query(`drop table ${qualified('outbox', schema)}`);
  }
}

/**
 * The messages as text, uncompressed: a row lives for milliseconds, and checking and compressing it took a third of what
 * PostgreSQL does for a transition.
 */
class OutboxTextMigration {
  readonly name = 'OutboxText1764000000100';

  async up(runner: Runner): Promise<void> {
    const table = qualified('outbox', schemaOf(runner));
    await runner.query(`alter table ${table} alter column messages type text using messages::text`);
    await runner.query(`alter table ${table} alter column messages set storage external`);
  }

  async down(runner: Runner): Promise<void> {
    const table = qualified('outbox', schemaOf(runner));
    await runner.query(`alter table ${table} alter column messages type json using messages::json`);
  }
}

/** Where a parked message lay in its topic, and how much of it was too large to be kept. */
class DeadLetterPlacesMigration {
  readonly name = 'DeadLetterPlaces1764000040000';

  async up(runner: Runner): Promise<void> {
    const table = qualified('dead_letters', schemaOf(runner));
    await runner.query(
      `alter table ${table} add column record_partition integer, add column record_offset bigint,
        add column omitted_bytes integer`,
    );
  }

  async down(runner: Runner): Promise<void> {
    const table = qualified('dead_letters', schemaOf(runner));
    await runner.query(
      `alter table ${table} drop column record_partition, drop column record_offset, drop column omitted_bytes`,
    );
  }
}

/** In order; every service lists them before its own. */
export const MESSAGING_MIGRATIONS = [OutboxMigration, OutboxTextMigration, DeadLetterPlacesMigration];

function schemaOf(runner: Runner): string | undefined {
  const schema = (runner.connection?.options as { schema?: unknown } | undefined)?.schema;
  return typeof schema === 'string' ? schema : undefined;
}
