import { CONTRACTS, blockRequestedTopic, blockRequestedV1 } from '@duofactory/contracts';
import { Database } from '@duofactory/platform';
import { useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../src/client/api.js';
import { startRun, waitForRun } from '../src/commands/run.js';
import { startHost, type Host } from '../src/host/start-host.js';
import { applyShipped } from './episodes.js';

const BLOCK_TYPES = [
  'import',
  'prompt',
  'evaluate',
  'select',
  'sort',
  'split',
  'transform',
  'speech',
  'publish',
];

/** A wire to the database that can be cut. */
class Wire {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut = false;

  constructor(private readonly target: URL) {
    this.#server = createServer((client) => {
      if (this.#cut) return void client.destroy();
      const database = connect(Number(this.target.port), this.target.hostname);
      for (const [one, other] of [
        [client, database],
        [database, client],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => (this.#sockets.delete(one), other.destroy()));
        one.pipe(other);
      }
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return Object.assign(new URL(this.target.href), { port: String(port) }).href;
  }

  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#cut = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

describe('faults around the job', () => {
  const database = useEmptyDatabase();
  let folder: string;
  let wire: Wire;
  let host: Host;
  let api: Api;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-faults-'));
    wire = new Wire(new URL(database.url));
    host = await startHost({
      DUOFACTORY_DATABASE_URL: await wire.open(),
      DUOFACTORY_DATA_DIR: folder,
      DUOFACTORY_HTTP_PORT: '0',
      DUOFACTORY_LOG_LEVEL: 'silent',
    });
    api = new Api(host.url);
    await applyShipped(api);
  });

  afterAll(async () => {
    wire.mend();
    await host.stop();
    wire.close();
    await rm(folder, { recursive: true, force: true });
  });

  const job = (key: string) =>
    startRun(api, { workflow: 'duoradio', inputs: { course: 'en-es', node: 'es-a1-familia' }, key });

  it('the database is away for a while: readiness says so, and the job ends when it is back', async () => {
    const run = await job('away');

    wire.cut();
    const away = await fetch(`${host.url}/health/ready`);
    const live = await fetch(`${host.url}/health/live`);
    const refused = await fetch(`${host.url}/api/runs`);
    wire.mend();

    expect(away.status).toBe(503);
    expect(await away.json()).toMatchObject({
      ready: false,
      services: { orchestrator: { ready: false, parts: { broker: 'ok', objects: 'ok' } } },
    });
    expect(live.status).toBe(200);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ status: 503, code: 'database-away' });
    const ended = await waitForRun(api, run);
    expect([ended.status, ended.reason]).toEqual(['completed', null]);
    expect((await fetch(`${host.url}/health/ready`)).status).toBe(200);
  });

  it('poison on every topic is parked with its envelope, and the consumers go on', async () => {
    const topics = [
      ...new Set(CONTRACTS.filter(({ type }) => type !== blockRequestedV1.type).map(({ topic }) => topic)),
      ...BLOCK_TYPES.map(blockRequestedTopic),
    ];
    const typeOf = new Map(CONTRACTS.map(({ topic, type }) => [topic, type]));
    const raw = await Database.open({ url: database.url, schema: 'orchestrator', migrations: [] });
    // As any service might: by an outbox, with data that no contract knows.
    for (const topic of topics) {
      const type = typeOf.get(topic) ?? blockRequestedV1.type;
      const event = {
        id: randomUUID(),
        source: '/poison',
        type,
        time: new Date().toISOString(),
        data: { wrong: topic },
      };
      await raw.query({
        text: `insert into outbox (id, topic, messages, created_at, due_at) values ($1, $2, $3, now(), now())`,
        values: [randomUUID(), topic, JSON.stringify([{ topic, key: 'k', event }])],
      });
    }

    const ended = await waitForRun(api, await job('poisoned'));

    expect([ended.status, ended.reason]).toEqual(['completed', null]);
    // What nobody in the product consumes is for others, and stays where it is.
    const consumed = topics.filter((topic) => !/\.(runs|content)$/.test(topic));
    const parked = await untilParked(raw, consumed);
    for (const { error_code, headers } of parked) {
      expect(['invalid-event', 'malformed-message']).toContain(error_code);
      expect(headers['ce_source']).toBe('/poison');
    }
    await raw.close();
  });
});

interface Parked {
  readonly topic: string;
  readonly error_code: string;
  readonly headers: Record<string, string>;
}

async function untilParked(database: Database, topics: readonly string[]): Promise<Parked[]> {
  for (;;) {
    const { rows } = await database.query<Parked>({
      text: 'select topic, error_code, headers from dead_letters',
    });
    const parked = new Set(rows.map(({ topic }) => topic));
    if (topics.every((topic) => parked.has(topic))) return rows;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
