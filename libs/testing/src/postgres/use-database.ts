import { Database, startEmbeddedPostgres, type DatabaseOptions } from '@duofactory/platform';
import { afterAll, beforeAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** Where the last test run's server is noted, for whoever stops it at the end. */
export const TEST_CLUSTER = join(tmpdir(), 'duofactory-test');

/**
 * A fresh database for a spec file, on one real PostgreSQL for the whole run: the embedded one, or that of
 * DUOFACTORY_TEST_DATABASE_URL. Dropped after the file.
 */
export function useDatabase(
  schema: string,
  migrations: DatabaseOptions['migrations'],
): { readonly current: Database; readonly url: string } {
  let database: Database | undefined;
  let server: string;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const url = (): string => Object.assign(new URL(server), { pathname: `/${name}` }).href;

  beforeAll(async () => {
    server = await serverUrl();
    await administer(server, `CREATE DATABASE ${name}`);
    database = await Database.open({ url: url(), schema, migrations });
  }, 120_000);

  afterAll(async () => {
    await database?.close();
    await administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });

  return {
    get current() {
      return database!;
    },
    get url() {
      return url();
    },
  };
}

async function serverUrl(): Promise<string> {
  const given = process.env['DUOFACTORY_TEST_DATABASE_URL'];
  if (given) return given;
  await mkdir(TEST_CLUSTER, { recursive: true });
  const server = await startEmbeddedPostgres({ dataDir: TEST_CLUSTER });
  await writeFile(join(TEST_CLUSTER, 'pid'), String(server.pid));
  return server.url;
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
