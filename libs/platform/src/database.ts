import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { arrayLiteral } from './array-literal.js';

export interface Statement {
  /** Given: prepared once a connection. */
  readonly name?: string;
  readonly text: string;
  readonly values?: unknown[];
}

/** A connection inside a transaction, or the pool for a lone statement. */
export interface Queryable {
  query<Row = Record<string, unknown>>(
    statement: Statement,
  ): Promise<{ rows: Row[]; rowCount: number | null }>;
}

export interface Transaction extends Queryable {
  /**
   * For a statement whose rows nobody needs: it is sent and not waited for, so that many share a round trip. If it
   * fails, so does the transaction, with its error.
   */
  send(statement: Statement): void;
}

export interface DatabaseOptions {
  readonly url: string;
  /** The service's own. */
  readonly schema: string;
  readonly poolSize?: number;
  readonly migrations: readonly (new () => MigrationInterface)[];
}

export interface TransactionOptions {
  readonly isolation?: 'repeatable read' | 'serializable';
  /** How often to run `work` again after a deadlock or a serialization failure. Only for work that may be run twice. */
  readonly retries?: number;
}

/** The work left the transaction broken (it hid an error), so that PostgreSQL rolled back instead of committing. */
export class TransactionRolledBack extends Error {
  readonly code = 'transaction-rolled-back';
}

/**
 * A process that hangs inside a transaction must not keep its locks: neither where the server waits for its next
 * statement, nor where it waits for the process to read what the last one gave.
 */
const HANGS_AFTER_MS = 10_000;
const LOCKS = `-c idle_in_transaction_session_timeout=${HANGS_AFTER_MS} -c tcp_user_timeout=${HANGS_AFTER_MS}`;
/**
 * A prepared statement keeps the plan of its first executions. Made while a table was small, that is a scan of the whole
 * table, and it stays until the next ANALYZE: minutes, in which a run of 100,000 tasks goes from 16 to 60 seconds. Every
 * statement of the hot path has its index; here it is not left to statistics whether it is used.
 */
const PLANS = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off';
const CONNECT_TIMEOUT_MS = 5_000;
const FIRST_RETRY_MS = 10;
/** Serialization failure and deadlock. */
const CONFLICTS = new Set(['40001', '40P01']);

/** One schema of a PostgreSQL database: a pool for the hot path, TypeORM for migrations and administration. */
export class Database implements Queryable {
  private constructor(
    private readonly pool: pg.Pool,
    /** Initialized; with one connection of its own. */
    readonly dataSource: DataSource,
  ) {}

  /** Creates the schema where it is absent and brings it up to date; processes that start together take turns. */
  static async open({ url, schema, poolSize = 10, migrations }: DatabaseOptions): Promise<Database> {
    if (!/^[a-z][a-z0-9_]*$/.test(schema)) throw new RangeError(`"${schema}" cannot be a schema's name`);
    const source = await migrated(url, schema, migrations);
    const pool = new pg.Pool({
      connectionString: url,
      max: poolSize,
      application_name: `duofactory ${schema}`,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      pipeline: true,
      options: `-c search_path=${schema} ${LOCKS} ${PLANS}`,
    });
    // A connection that is lost while idle says so here; the next query opens another.
    pool.on('error', () => undefined);
    return new Database(pool, source);
  }

  async query<Row = Record<string, unknown>>(
    statement: Statement,
  ): Promise<{ rows: Row[]; rowCount: number | null }> {
    const { rows, rowCount } = await this.pool.query(driverQuery(statement));
    return { rows: rows as Row[], rowCount };
  }

  /** Commits what `work` did, or rolls all of it back if it throws. */
  async transaction<T>(
    work: (tx: Transaction) => Promise<T>,
    { isolation, retries = 0 }: TransactionOptions = {},
  ): Promise<T> {
    const begin = isolation ? `BEGIN ISOLATION LEVEL ${isolation.toUpperCase()}` : 'BEGIN';
    for (let retry = 0; ; retry++) {
      try {
        return await this.attempt(begin, work);
      } catch (error) {
        if (retry >= retries || !CONFLICTS.has((error as { code?: string }).code ?? '')) throw error;
        await pause(FIRST_RETRY_MS * 2 ** retry * (0.5 + Math.random()));
      }
    }
  }

  private async attempt<T>(begin: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error): void => void (broken = error);
    client.on('error', onError);
    const sent: Promise<void>[] = [];
    let unsaid: { error: unknown } | undefined;
    const send = (statement: Statement): void =>
      void sent.push(
        client.query(driverQuery(statement)).then(
          () => undefined,
          (error: unknown) => void (unsaid ??= { error }),
        ),
      );
    try {
      send({ text: begin });
      const result = await work({
        query: async <Row>(statement: Statement) => {
          const { rows, rowCount } = await client.query(driverQuery(statement));
          return { rows: rows as Row[], rowCount };
        },
        send,
      });
      const { command } = await client.query('COMMIT');
      await Promise.all(sent);
      if (unsaid) throw unsaid.error as Error;
      if (command !== 'COMMIT') {
        throw new TransactionRolledBack('A statement of the transaction had failed: nothing was stored');
      }
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => (broken ??= failure));
      await Promise.all(sent);
      // What failed first is the reason; the others failed because of it.
      throw unsaid ? (unsaid.error as Error) : error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  /** Of the pool, now. */
  get connections(): { used: number; idle: number; waiting: number; most: number } {
    const { totalCount, idleCount, waitingCount, options } = this.pool;
    return { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount, most: options.max };
  }

  /** Rejects with the reason when the database cannot be written to now. */
  async ready(): Promise<void> {
    const { rows } = await this.pool.query<{ refused: boolean }>(
      `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS refused`,
    );
    if (rows[0]?.refused) throw Object.assign(new Error('The database is read-only'), { code: '25006' });
  }

  /** Rejects with their names when changes that this build knows are not in the database. */
  async migrated(): Promise<void> {
    const known = this.dataSource.migrations.map(({ name, constructor }) => name ?? constructor.name);
    const { rows } = await this.pool.query<{ name: string }>({
      name: 'migrations-done',
      text: 'SELECT name FROM migrations',
    });
    const done = new Set(rows.map(({ name }) => name));
    const missing = known.filter((name) => !done.has(name));
    if (missing.length > 0)
      throw new Error(`Not in the database: ${missing.join(', ')}. Start again to apply`);
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
    await this.pool.end();
  }
}

function driverQuery({ values, ...statement }: Statement): pg.QueryConfig {
  if (values === undefined) return statement;
  return {
    ...statement,
    values: values.map((value) =>
      Array.isArray(value) ? (arrayLiteral(value) ?? (value as unknown)) : value,
    ),
  };
}

async function migrated(
  url: string,
  schema: string,
  migrations: DatabaseOptions['migrations'],
): Promise<DataSource> {
  const guard = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // Said again by the query under way, or by the next one.
  guard.on('error', () => undefined);
  await guard.connect();
  try {
    await guard.query('SELECT pg_advisory_lock(hashtext($1))', [`duofactory-migrations ${schema}`]);
    await guard.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    const source = await administration(url, schema, migrations).initialize();
    try {
      await source.runMigrations({ transaction: 'each' });
    } catch (error) {
      await source.destroy();
      throw error;
    }
    return source;
  } finally {
    await guard.end();
  }
}

function administration(url: string, schema: string, migrations: DatabaseOptions['migrations']): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    schema,
    migrations: [...migrations],
    migrationsTableName: 'migrations',
    installExtensions: false,
    applicationName: `duofactory ${schema} administration`,
    // As above: the next query opens another connection.
    poolErrorHandler: () => undefined,
    extra: { options: `-c search_path=${schema}`, max: 1 },
  });
}
