import { startEmbeddedPostgres, type EmbeddedPostgres } from '@duofactory/platform';
import { kafkaIfAvailable, useEmptyDatabase } from '@duofactory/testing';
import { freePorts } from '@duofactory/testing/network';
import { s3IfAvailable } from '@duofactory/testing/s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { launch } from './host-process.js';

const kafka = await kafkaIfAvailable();
const s3 = await s3IfAvailable();
const HANGS_AFTER_MS = 120_000;

/** What a process says that ends by itself, and with what. Logs are left out. */
async function saidBy(script: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const { ended, output } = launch(script, args, { DUOFACTORY_HTTP_PORT: '0', ...env });
  const code = await ended;
  return { code, said: output.filter((line) => !line.startsWith('{')).join('\n') };
}
const host = (env: NodeJS.ProcessEnv) => saidBy('apps/duofactory/dist/main.js', ['up'], env);
const service = (env: NodeJS.ProcessEnv) => saidBy('services/orchestrator/dist/main.js', [], env);

describe('a part that is not there at boot', () => {
  let folder: string;
  let postgres: EmbeddedPostgres;
  let port: string;
  let closed: number;

  /** `of`: user, password and database, on the server that asks for passwords. */
  const urlOf = (of: string, at = port): string => {
    const [login, database] = of.split('/');
    return `postgres://${login}@127.0.0.1:${at}/${database}`;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-not-there-'));
    postgres = await startEmbeddedPostgres({ dataDir: folder });
    ({ port } = new URL(postgres.url));
    [closed] = (await freePorts(1)) as [number];
    const admin = new pg.Client({ connectionString: postgres.url });
    await admin.connect();
    await admin.query(`CREATE ROLE designer LOGIN PASSWORD 'hush-hush'`);
    const { rows } = await admin.query<{ hba_file: string }>('SHOW hba_file');
    await writeFile(rows[0]!.hba_file, 'host all postgres all trust\nhost all all all scram-sha-256\n');
    await admin.query('SELECT pg_reload_conf()');
    await admin.end();
  }, HANGS_AFTER_MS);

  afterAll(async () => {
    await s3?.stop();
    await postgres.stop();
    await rm(postgres.folder, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  });

  it.each<[string, () => string, () => string, string]>([
    [
      'a database that nothing serves',
      () => urlOf('designer:hush-hush/duofactory', String(closed)),
      () => `no PostgreSQL answers at 127.0.0.1:${closed}`,
      'Start it, check host and port',
    ],
    [
      'a host that has no such name',
      () => 'postgres://designer:hush-hush@nowhere.invalid/duofactory',
      () => 'no machine is known by the name "nowhere.invalid"',
      'Check the host',
    ],
    [
      'a wrong password',
      () => urlOf('designer:hush-hush-not/duofactory'),
      () => `PostgreSQL at 127.0.0.1:${port} does not let user "designer" in`,
      'Check user and password',
    ],
    [
      'a password left out',
      () => urlOf('designer/duofactory'),
      () => `PostgreSQL at 127.0.0.1:${port} does not let user "designer" in`,
      'Check user and password',
    ],
    [
      'an unknown database',
      () => urlOf('postgres:hush-hush/duofactry'),
      () => `PostgreSQL at 127.0.0.1:${port} has no database "duofactry"`,
      'CREATE DATABASE "duofactry"',
    ],
    [
      'a user that may not make schemas',
      () => urlOf('designer:hush-hush/duofactory'),
      () => 'user "designer" may not make schemas in "duofactory"',
      'GRANT CREATE ON DATABASE "duofactory" TO "designer"',
    ],
  ])(
    '%s: is named with its variable, its place and the remedy, and no password is shown',
    async (_, url, what, remedy) => {
      const env = { DUOFACTORY_DATABASE_URL: url(), DUOFACTORY_DATA_DIR: folder };

      for (const { code, said } of [await host(env), await service(env)]) {
        expect(code).toBe(1);
        expect(said).toContain(`DUOFACTORY_DATABASE_URL: ${what()}`);
        expect(said).toContain(remedy);
        expect(said.split('\n')).toHaveLength(1);
        expect(said).not.toContain('hush-hush');
      }
    },
    HANGS_AFTER_MS,
  );

  const onS3 = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
    ...{ DUOFACTORY_DATABASE_URL: postgres.url, DUOFACTORY_DATA_DIR: folder },
    ...{ DUOFACTORY_OBJECTS: 's3', DUOFACTORY_S3_BUCKET: 'objects', DUOFACTORY_S3_PATH_STYLE: 'true' },
    ...{ DUOFACTORY_S3_ACCESS_KEY_ID: 'duofactory', DUOFACTORY_S3_SECRET_ACCESS_KEY: 'hush-hush' },
    ...more,
  });

  it.each<[string, () => NodeJS.ProcessEnv, () => string, string]>([
    [
      'an object store that nothing serves',
      () => ({ DUOFACTORY_S3_ENDPOINT: `http://127.0.0.1:${closed}` }),
      () => `DUOFACTORY_S3_ENDPOINT: No S3 server answers at http://127.0.0.1:${closed} (ECONNREFUSED)`,
      'Start it, check host and port',
    ],
    [
      'a bucket taken for a part of the name',
      () => ({ DUOFACTORY_S3_ENDPOINT: 'http://s3.invalid:7070', DUOFACTORY_S3_PATH_STYLE: 'false' }),
      () => 'DUOFACTORY_S3_ENDPOINT: No machine is known by the name "objects.s3.invalid"',
      'Set DUOFACTORY_S3_PATH_STYLE to true',
    ],
    ...(s3
      ? ([
          [
            'a wrong key to the object store',
            () => ({ DUOFACTORY_S3_ENDPOINT: s3.endpoint }),
            () => 'DUOFACTORY_S3_ACCESS_KEY_ID: The S3 server refused the key for the bucket "objects"',
            'DUOFACTORY_S3_SECRET_ACCESS_KEY',
          ],
        ] satisfies [string, () => NodeJS.ProcessEnv, () => string, string][])
      : []),
  ])(
    '%s: the same',
    async (_, more, what, remedy) => {
      for (const { code, said } of [await host(onS3(more())), await service(onS3(more()))]) {
        expect(code).toBe(1);
        expect(said).toContain(what());
        expect(said).toContain(remedy);
        expect(said.split('\n')).toHaveLength(1);
        expect(said).not.toContain('hush-hush');
      }
    },
    HANGS_AFTER_MS,
  );

  it(
    'a folder for objects that cannot be made: the same',
    async () => {
      const file = join(folder, 'no-folder');
      await writeFile(file, '');
      const env = { DUOFACTORY_DATABASE_URL: postgres.url, DUOFACTORY_DATA_DIR: file };

      for (const { code, said } of [await host(env), await service(env)]) {
        expect(code).toBe(1);
        expect(said).toContain(`DUOFACTORY_DATA_DIR: no objects can be kept under ${file} (ENOTDIR)`);
        expect(said.split('\n')).toHaveLength(1);
      }
    },
    HANGS_AFTER_MS,
  );

  it(
    'a broker: the same',
    async () => {
      const env = {
        DUOFACTORY_DATABASE_URL: postgres.url,
        DUOFACTORY_DATA_DIR: folder,
        DUOFACTORY_BUS: 'kafka',
        DUOFACTORY_KAFKA_BROKERS: `127.0.0.1:${closed}`,
      };

      for (const { code, said } of await Promise.all([host(env), service(env)])) {
        expect(code).toBe(1);
        expect(said).toContain(`DUOFACTORY_KAFKA_BROKERS: no Kafka answers at 127.0.0.1:${closed}`);
        expect(said).toContain('Start it, check host and port');
        expect(said.split('\n')).toHaveLength(1);
      }
    },
    HANGS_AFTER_MS,
  );
});

(kafka ? describe : describe.skip)('a broker that is there', () => {
  const database = useEmptyDatabase();

  afterAll(() => kafka!.stop());

  it(
    'and has no topic that triggers name: boot is refused, the topic that may be meant is named, none is made',
    async () => {
      const env = {
        DUOFACTORY_DATABASE_URL: database.url,
        DUOFACTORY_BUS: 'kafka',
        DUOFACTORY_KAFKA_BROKERS: kafka!.brokers.join(','),
        DUOFACTORY_TRIGGER_TOPICS: 'duofactory.runs, duofactory.contnet',
      };

      const tries = [await host(env), await service(env), await service(env)];

      expect(tries.map(({ code }) => code)).toEqual([2, 1, 1]);
      for (const { said } of tries)
        expect(said).toContain(
          'DUOFACTORY_TRIGGER_TOPICS names "duofactory.contnet", and Kafka has no such topic: do you mean duofactory.content?',
        );
    },
    HANGS_AFTER_MS,
  );
});
