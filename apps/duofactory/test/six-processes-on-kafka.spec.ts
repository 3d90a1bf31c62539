import {
  contentPublishedV1,
  runCompletedV1,
  runRequestedV1,
  uuidFrom,
  type ContentPublished,
  type RunCompleted,
} from '@duofactory/contracts';
import { KafkaBus } from '@duofactory/messaging';
import {
  Received,
  anEvent,
  kafkaIfAvailable,
  s3IfAvailable,
  quietLog,
  useEmptyDatabase,
} from '@duofactory/testing';
import { freePorts, untilReady } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Api } from '../src/client/api.js';
import { startRun, waitForRun } from '../src/commands/run.js';
import { services } from '../src/host/services.js';
import { startHost } from '../src/host/start-host.js';
import { applyShipped, episodesOf, withoutRun } from './episodes.js';
import { endedAmong, launch, stop, type Spawned } from './host-process.js';

const kafka = await kafkaIfAvailable();
const s3 = kafka && (await s3IfAvailable());
const inputs = { course: 'en-es', node: 'es-a2-viaje' };

(kafka ? describe : describe.skip)('six processes on Kafka', () => {
  const separate = useEmptyDatabase();
  const together = useEmptyDatabase();
  const started: Spawned[] = [];
  const runsEnded = new Received<RunCompleted>();
  const published = new Received<ContentPublished>();
  let folder: string;
  let bus: KafkaBus;
  let api: Api;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-six-'));
    const ports = await freePorts(services.length);
    const urlOf = (name: string): string =>
      `http://127.0.0.1:${ports[services.findIndex((one) => one.name === name)]}`;
    const env = {
      DUOFACTORY_BUS: 'kafka',
      DUOFACTORY_KAFKA_BROKERS: kafka!.brokers.join(','),
      DUOFACTORY_KAFKA_PARTITIONS: '3',
      DUOFACTORY_DATABASE_URL: separate.url,
      DUOFACTORY_DATA_DIR: join(folder, 'separate'),
      DUOFACTORY_ORCHESTRATOR_URL: urlOf('orchestrator'),
      DUOFACTORY_LLM_RUNNER_URL: urlOf('llm-runner'),
      ...(s3
        ? {
            DUOFACTORY_OBJECTS: 's3',
            DUOFACTORY_S3_BUCKET: 'six',
            DUOFACTORY_S3_ENDPOINT: s3.endpoint,
            DUOFACTORY_S3_PATH_STYLE: 'true',
            AWS_ACCESS_KEY_ID: s3.credentials.accessKeyId,
            AWS_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey,
          }
        : {}),
    };
    services.forEach(({ name }, i) =>
      started.push(
        launch(`services/${name}/dist/main.js`, [], { ...env, DUOFACTORY_HTTP_PORT: String(ports[i]) }),
      ),
    );
    const router = launch(
      'apps/duofactory/dist/main.js',
      ['router', '--port', '0', ...services.map(({ name }) => `--to=${name}=${urlOf(name)}`)],
      {},
    );
    started.push(router);
    api = new Api(await addressIn(router));
    await Promise.all(services.map(({ name }) => untilReady(urlOf(name), endedAmong(started))));

    bus = new KafkaBus({ brokers: kafka!.brokers, clientId: 'spec', log: quietLog });
    for (const [topic, received] of [
      [runCompletedV1.topic, runsEnded],
      [contentPublishedV1.topic, published],
    ] as const) {
      await bus.subscribe({
        group: `spec.${topic}`,
        topics: [topic],
        fromBeginning: true,
        each: async ({ type, data }) => {
          if (type === runCompletedV1.type || type === contentPublishedV1.type) received.add(data as never);
        },
      });
    }
    await bus.start();
    await applyShipped(api);
  });

  afterAll(async () => {
    await bus?.drain();
    await bus?.stop();
    await Promise.all(started.map((one) => stop(one)));
    await kafka?.stop();
    await s3?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('do the job that another service asks for by an event, once, and tell what came of it', async () => {
    const request = anEvent(
      { workflow: 'duoradio', inputs },
      { type: runRequestedV1.type, source: '/other/team' },
    );
    const message = { topic: runRequestedV1.topic, key: request.id, event: request };

    await bus.publish([message, message]);
    const [ended] = await runsEnded.until(1);

    const run = uuidFrom('run', `${request.source}#${request.id}`);
    expect(ended).toMatchObject({ run, workflow: 'duoradio', version: 1, status: 'completed' });
    const events = await published.until(2);
    expect(events.map(({ course, node, slot, version }) => [course, node, slot, version]).sort()).toEqual([
      ['en-es', 'es-a2-viaje', 1, 1],
      ['en-es', 'es-a2-viaje', 2, 1],
    ]);
    const { runs } = await api.get<{ runs: unknown[] }>('/api/runs');
    expect(runs).toHaveLength(1);
  });

  it('make the same episodes, byte for byte, as the host that is one process', async () => {
    const { runs } = await api.get<{ runs: { id: string }[] }>('/api/runs');
    const theirs = await episodesOf(api, runs[0]!.id);
    const host = await startHost({
      DUOFACTORY_DATABASE_URL: together.url,
      DUOFACTORY_DATA_DIR: join(folder, 'together'),
      DUOFACTORY_HTTP_PORT: '0',
      DUOFACTORY_LOG_LEVEL: 'error',
    });
    try {
      const one = new Api(host.url);
      await applyShipped(one);
      const run = await waitForRun(one, await startRun(one, { workflow: 'duoradio', inputs, key: 'same' }));
      const ours = await episodesOf(one, run.id);

      expect(theirs).toHaveLength(2);
      expect(JSON.stringify(theirs.map(withoutRun))).toBe(JSON.stringify(ours.map(withoutRun)));
    } finally {
      await host.stop();
    }
  });

  it('drain and stop when they are told to', async () => {
    const codes = await Promise.all(
      started.map(async (one) => {
        one.child.kill('SIGTERM');
        return one.ended;
      }),
    );

    expect(codes).toEqual(started.map(() => 0));
  });
});

function addressIn({ child, ended, output }: Spawned): Promise<string> {
  return new Promise((found, failed) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const match = /at (http:\S+)/.exec(line);
      if (match) found(match[1]!);
    });
    ended.then((code) => failed(new Error(`It ended with ${code}: ${output.join('\n')}`)), failed);
  });
}
