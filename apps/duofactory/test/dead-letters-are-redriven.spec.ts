import { runRequestedV1, uuidFrom } from '@duofactory/contracts';
import { anEvent, kafkaIfAvailable, useEmptyDatabase } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Api } from '../src/client/api.js';
import { startHost, type Host } from '../src/host/start-host.js';
import { launch } from './host-process.js';

const kafka = await kafkaIfAvailable();

// Databases around them, so that they are dropped when nobody uses them any more.
describe('on the local bus', () => {
  const database = useEmptyDatabase();

  lettersAreRedriven(database, { DUOFACTORY_BUS: 'local' });
});

(kafka ? describe : describe.skip)('on Kafka', () => {
  const database = useEmptyDatabase();

  lettersAreRedriven(database, {
    DUOFACTORY_BUS: 'kafka',
    DUOFACTORY_KAFKA_BROKERS: kafka?.brokers.join(',') ?? '',
    DUOFACTORY_KAFKA_PARTITIONS: '2',
  });

  afterAll(() => kafka!.stop());
});

function lettersAreRedriven(database: { readonly url: string }, transport: Record<string, string>): void {
  describe('`duofactory dead-letters`', () => {
    let folder: string;
    let host: Host;
    let api: Api;
    let admin: pg.Client;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'duofactory-letters-'));
      host = await startHost({
        ...transport,
        DUOFACTORY_DATABASE_URL: database.url,
        DUOFACTORY_DATA_DIR: folder,
        DUOFACTORY_HTTP_PORT: '0',
        DUOFACTORY_LOG_LEVEL: 'fatal',
      });
      api = new Api(host.url);
      admin = new pg.Client({ connectionString: database.url });
      await admin.connect();
    }, 600_000);

    afterAll(async () => {
      await admin?.end();
      await host?.stop();
      await rm(folder, { recursive: true, force: true });
    }, 600_000);

    const command = async (...args: string[]): Promise<string> => {
      const run = launch('apps/duofactory/dist/main.js', ['dead-letters', ...args, '--url', host.url], {});
      expect({ code: await run.ended, said: run.output }).toMatchObject({ code: 0 });
      return run.output.join('\n');
    };
    interface Letter {
      readonly id: string;
      readonly topic: string;
      readonly errorCode: string;
    }
    /** By REST: to wait for something is no reason to start a process again and again. */
    const kept = async (): Promise<Letter[]> =>
      (await api.get<{ deadLetters: Letter[] }>('/api/dead-letters')).deadLetters;
    /** As any service publishes: by its outbox, whose sweep takes it to either bus. */
    const publish = async (event: object): Promise<void> => {
      const messages = [{ topic: runRequestedV1.topic, key: 'wish', event }];
      await admin.query(
        `INSERT INTO evaluator.outbox (id, topic, messages, created_at, due_at) VALUES ($1, $2, $3, now(), now())`,
        [randomUUID(), runRequestedV1.topic, JSON.stringify(messages)],
      );
    };

    it('lists, shows and redrives: handled once when the cause is mended, and never twice', async () => {
      const wish = anEvent({ workflow: 'late' }, { type: runRequestedV1.type, source: '/other/team' });
      const run = uuidFrom('run', `${wish.source}#${wish.id}`);

      await publish(wish);
      await until(async () => (await kept()).length === 1);
      const [first] = JSON.parse(await command('list', '--json')) as Letter[];
      expect(first).toMatchObject({ topic: runRequestedV1.topic, errorCode: 'unknown-workflow' });
      expect(await command('list')).toContain(first!.id);
      const shown = await command('show', first!.id);
      expect(shown).toContain(`${runRequestedV1.topic}`);
      expect(shown).toContain('unknown-workflow: ');
      expect(shown).toContain(`ce_id: ${wish.id}`);
      expect(shown).toContain('{"workflow":"late"}');

      // The cause is there still: it comes back.
      const before = await admin.query('SELECT max(parked_at) AS at FROM orchestrator.dead_letters');
      await command('redrive', first!.id);
      await until(async () => {
        const { rows } = await admin.query(
          `SELECT FROM orchestrator.dead_letters WHERE redriven_at IS NULL AND parked_at > $1`,
          [(before.rows as { at: Date }[])[0]!.at],
        );
        return rows.length === 1;
      });
      const [again] = await kept();

      const blocks = [{ id: 'one', type: 'transform', with: { expression: '{"made": 1}' } }];
      await until(() =>
        api
          .post('/api/workflows/late/versions', { definition: { kind: 'workflow', id: 'late', blocks } })
          .then(
            () => true,
            () => false,
          ),
      );
      expect(await command('redrive', again!.id)).toBe('1 sent again');
      await until(async () => {
        const { runs } = await api.get<{ runs: { status: string }[] }>('/api/runs');
        return runs[0]?.status === 'completed';
      });
      const after = await admin.query('SELECT * FROM orchestrator.tasks');

      await command('redrive', again!.id, first!.id);
      // Whoever sends it by hand beside that gets no second run either: what comes after it is handled by then.
      await publish(wish);
      await publish(anEvent({ workflow: 'nothing' }, { type: runRequestedV1.type, id: 'marker' }));
      await until(async () => (await kept()).length === 1);

      const { runs } = await api.get<{ runs: { id: string }[] }>('/api/runs');
      expect(runs.map(({ id }) => id)).toEqual([run]);
      expect((await admin.query('SELECT * FROM orchestrator.tasks')).rows).toEqual(after.rows);
      expect(await command('show', (await kept())[0]!.id)).toContain('ce_id: marker');
    }, 600_000);

    it('names what is not there', async () => {
      const args = ['dead-letters', 'redrive', randomUUID(), '--url', host.url];
      const run = launch('apps/duofactory/dist/main.js', args, {});

      expect(await run.ended).not.toBe(0);
      expect(run.output.join('\n')).toContain('No dead letter has the id');
    }, 600_000);
  });
}
