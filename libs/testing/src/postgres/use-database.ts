import { MESSAGING_MIGRATIONS } from '@duofactory/messaging';
import { Database, startEmbeddedPostgres, type DatabaseOptions } from '@duofactory/platform';
import { afterAll, beforeAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

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
    // As `startService` does: every service has an outbox.
    const all = [...new Set([...MESSAGING_MIGRATIONS, ...migrations])];
    database = await Database.open({ url: url(), schema, migrations: all });
  });

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

/** As `useDatabase`, for whoever brings its own schemas. */
export function useEmptyDatabase(): { readonly url: string } {
  let server: string;
  const name = `test_${randomUUID().replaceAll('-', '')}`;

  beforeAll(async () => {
    server = await serverUrl();
    await administer(server, `CREATE DATABASE ${name}`);
  });

  afterAll(() => administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));

  return {
    get url() {
      return Object.assign(new URL(server), { pathname: `/${name}` }).href;
    },
  };
}

async function serverUrl(): Promise<string> {
  const given = process.env['DUOFACTORY_TEST_DATABASE_URL'];
  if (given) return given;
  // Made and removed by the run's global set-up and teardown: runs side by side do not share a server.
  const dataDir = process.env['DUOFACTORY_TEST_CLUSTER'];
  if (!dataDir)
    throw new Error('DUOFACTORY_TEST_CLUSTER is not set: run the specs by jest.config.js of the root');
  const server = await startEmbeddedPostgres({ dataDir });
  await writeFile(join(dataDir, 'server.json'), JSON.stringify({ pid: server.pid, folder: server.folder }));
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
