import {
  blockCompletedV1,
  blockRequestedTopic,
  blockTypeRegisteredV1,
  runRequestedV1,
  uuidFrom,
  type BlockRequested,
} from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { anEvent, quietLog, startForTest, useEmptyDatabase } from '@duofactory/testing';
import { TcpProxy, until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { orchestratorService } from '../src/orchestrator.module.js';

const PATIENT = 600_000;

// Around them, so that it is dropped when nobody uses it any more.
describe('a database that fails', () => {
  const database = useEmptyDatabase();

  nothingIsAcknowledged(database);
});

function nothingIsAcknowledged(database: { readonly url: string }): void {
  describe('nothing is acknowledged that is not stored', () => {
    const bus = new LocalBus({ log: quietLog, backOff: () => 20 });
    let proxy: TcpProxy;
    let admin: pg.Client;
    let orchestrator: { url: string; stop(): Promise<void> };

    beforeAll(async () => {
      const { hostname: host, port } = new URL(database.url);
      proxy = await TcpProxy.open({ host, port: Number(port) });
      admin = new pg.Client({ connectionString: database.url });
      await admin.connect();
      orchestrator = await startForTest(orchestratorService, {
        bus,
        databaseUrl: proxy.through(database.url),
      });
      await bus.subscribe({
        group: 'test.echo',
        topics: [blockRequestedTopic('echo')],
        each: async ({ data }) => {
          const { run, task, attempt } = data as BlockRequested;
          const answer = { run, task, attempt, outputs: [{ result: { said: true } }] };
          const event = anEvent(answer, { type: blockCompletedV1.type, subject: run });
          void bus.publish([{ topic: blockCompletedV1.topic, key: run, event }]);
        },
      });
      await bus.start();
      const manifest = {
        ...{ type: 'echo', version: 1, title: 'Echo', description: 'Echo', input: 'each', output: 'one' },
        with: { type: 'object' },
      };
      const type = anEvent({ service: 'test', manifest }, { type: blockTypeRegisteredV1.type });
      await bus.publish([{ topic: blockTypeRegisteredV1.topic, key: 'echo', event: type }]);
      const blocks = [
        { id: 'one', type: 'echo', needs: [] },
        { id: 'two', type: 'echo' },
      ];
      const definition = { kind: 'workflow', id: 'short', blocks };
      await call('POST', 'workflows/short/versions', { definition });
    }, PATIENT);

    afterAll(async () => {
      proxy.mend();
      await bus.drain();
      await orchestrator.stop();
      await bus.stop();
      await admin.end();
      await proxy.close();
    });

    interface Answer {
      readonly status: number;
      readonly body: { id: string; status: unknown; code?: string; detail?: string };
    }
    const call = async (method: string, path: string, body?: unknown, key?: string): Promise<Answer> => {
      const response = await fetch(`${orchestrator.url}/api/${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...(key ? { 'idempotency-key': key } : {}) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Answer['body'] };
    };
    const start = (key: string): Promise<Answer> => call('POST', 'runs', { workflow: 'short' }, key);
    const statusOf = async (key: string): Promise<string | undefined> => {
      const { rows } = await admin.query<{ status: string }>(
        'SELECT status FROM orchestrator.runs WHERE id = $1',
        [uuidFrom('run', key)],
      );
      return rows[0]?.status;
    };
    const untilCompleted = (key: string): Promise<void> =>
      until(async () => (await statusOf(key)) === 'completed');
    /** New settings hold for new connections. */
    const freshConnections = (): Promise<unknown> =>
      admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
    const readOnly = async (on: boolean): Promise<void> => {
      await admin.query(
        `ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET default_transaction_read_only = ${on ? 'on' : 'off'}`,
      );
      await freshConnections();
    };
    const asked = (id: string) => {
      const event = anEvent({ workflow: 'short' }, { id, source: '/other', type: runRequestedV1.type });
      return { topic: runRequestedV1.topic, key: id, event };
    };

    it(
      'while the database is read-only: 503 with the remedy, and what came by events goes on by itself',
      async () => {
        await readOnly(true);
        // The first request may find a connection that has just been ended.
        let refused = await start('read-only');
        while (refused.body.code === 'database-away') refused = await start('read-only');
        const delivered = bus.publish([asked('while read-only')]);
        const ready = await fetch(`${orchestrator.url}/health/ready`);
        const before = await statusOf('read-only');
        await readOnly(false);
        await delivered;

        expect(refused).toMatchObject({
          status: 503,
          body: {
            code: 'database-read-only',
            detail: expect.stringContaining('default_transaction_read_only'),
            requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          },
        });
        expect(ready.status).toBe(503);
        expect(before).toBeUndefined();
        await untilCompleted('/other#while read-only');
        await until(async () => (await start('read-only')).status < 300);
        await untilCompleted('read-only');
        expect((await admin.query('SELECT id FROM orchestrator.dead_letters')).rows).toEqual([]);
      },
      PATIENT,
    );

    it(
      'while the disk is full: 503 with the remedy, and runs under way go on by themselves',
      async () => {
        // A full disk, as PostgreSQL tells of it, wherever the orchestrator writes.
        await admin.query(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`);
        const tables = ['runs', 'tasks', 'results', 'attempts', 'outbox', 'dead_letters'];
        for (const table of tables)
          await admin.query(
            `CREATE TRIGGER full_disk BEFORE INSERT ON orchestrator.${table} EXECUTE FUNCTION full_disk()`,
          );
        const refused = await start('full');
        const delivered = bus.publish([asked('while full')]);
        for (const table of tables) await admin.query(`DROP TRIGGER full_disk ON orchestrator.${table}`);
        await delivered;

        expect(refused).toMatchObject({
          status: 503,
          body: { code: 'database-full', detail: expect.stringContaining('make room') },
        });
        expect(await statusOf('full')).toBeUndefined();
        await untilCompleted('/other#while full');
        await until(async () => (await start('full')).status < 300);
        await untilCompleted('full');
        expect((await admin.query('SELECT id FROM orchestrator.dead_letters')).rows).toEqual([]);
      },
      PATIENT,
    );

    it(
      'and what is stored without word of it is found by who asks again',
      async () => {
        let heard = false;
        const cut = proxy.cutBeforeAnswer(
          (chunk) => {
            heard ||= chunk.includes('lost commit');
            return heard && chunk.includes('COMMIT');
          },
          (answer) => answer.includes('COMMIT'),
        );
        const [unsure] = await Promise.all([start('lost commit'), cut]);
        const stored = await statusOf('lost commit');
        await until(async () => (await start('lost commit')).status < 300);

        expect(unsure).toMatchObject({
          status: 503,
          body: { code: 'database-away', detail: expect.stringContaining('same Idempotency-Key') },
        });
        expect(stored).toBe('running');
        await untilCompleted('lost commit');
        const { rows } = await admin.query(
          `SELECT id FROM orchestrator.runs WHERE idempotency_key = 'lost commit'`,
        );
        expect(rows).toHaveLength(1);
      },
      PATIENT,
    );
  });
}
