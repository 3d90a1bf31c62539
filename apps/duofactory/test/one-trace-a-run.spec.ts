import { OtlpReceiver, kafkaIfAvailable, useEmptyDatabase, type ReceivedSpan } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Api } from '../src/client/api.js';
import { launch, launchHost, servingAt, stop, type Spawned } from './host-process.js';
import { publishOnceKnown } from './publish-once-known.js';

const kafka = await kafkaIfAvailable();

/** list -> 3 items -> work on each -> the best -> a person -> the end */
const definition = {
  kind: 'workflow',
  id: 'traced',
  blocks: [
    { id: 'list', type: 'transform', needs: [], with: { expression: '{ "items": [1, 2, 3] }' } },
    { id: 'item', type: 'split', with: { list: '{{list.items}}' } },
    { id: 'work', type: 'transform', with: { expression: '{ "n": 1 }' } },
    { id: 'best', type: 'select', with: { by: 'work.n', top: 1 } },
    { id: 'person', type: 'review' },
    { id: 'end', type: 'transform', with: { expression: '{ "over": true }' } },
  ],
};
const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

/** Processes that can run the workflow above, and come again with the same data. */
interface Setup {
  start(env: Record<string, string>): Promise<{ url: string; processes: Spawned[] }>;
}

function tracesOf(name: string, setup: (of: { databaseUrl: string; folder: string }) => Setup): void {
  describe(`a run ${name}`, () => {
    const database = useEmptyDatabase();
    let folder: string;
    let receiver: OtlpReceiver;
    let processes: Spawned[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'duofactory-traces-'));
      receiver = await OtlpReceiver.start();
    });

    afterAll(async () => {
      await Promise.all(processes.map((one) => stop(one)));
      await receiver.stop();
      await rm(folder, { recursive: true, force: true });
    });

    it('is one trace, from its request to its last block, over a restart', async () => {
      const system = setup({ databaseUrl: database.url, folder });
      const before = await system.start(receiver.env);
      processes = before.processes;
      await publishOnceKnown(before.url, definition);
      const response = await fetch(`${before.url}/api/runs`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-01`,
        },
        body: JSON.stringify({ workflow: 'traced' }),
      });
      const { id: run } = (await response.json()) as { id: string };
      const review = await openReview(new Api(before.url));
      await Promise.all(processes.map((one) => stop(one)));

      const after = await system.start(receiver.env);
      processes = after.processes;
      await new Api(after.url).post(`/api/reviews/${review}/decision`, { decision: 'approve' });
      const spans = (await receiver.until((all) => all.some(isRunSpan))).filter(
        ({ attributes, name }) => attributes['duofactory.run'] === run || name === 'POST /api/runs',
      );

      const attempts = await receiver
        .until((all) => all.filter(isAttempt).length >= 7)
        .then((all) => all.filter(isAttempt));
      expect(attempts.map(({ attributes }) => attributes['duofactory.block']).sort()).toEqual(
        ['best', 'end', 'item', 'list', 'work', 'work', 'work'].sort(),
      );
      expect(new Set([...spans, ...attempts].map(({ traceId }) => traceId))).toEqual(
        new Set([CALLER.traceId]),
      );
      const ofRequest = spans.find((one) => one.name === 'POST /api/runs')!;
      const ofRun = spans.find(isRunSpan)!;
      expect(ofRequest.parentSpanId).toBe(CALLER.spanId);
      expect(ofRun.parentSpanId).toBe(ofRequest.spanId);
      expect(ofRun.attributes['duofactory.status']).toBe('completed');

      const steps = await receiver
        .until((all) =>
          attempts.every((attempt) => all.some(({ spanId }) => spanId === attempt.parentSpanId)),
        )
        .then((all) => all.filter(({ name: called }) => called === 'advance run'));
      const linked = steps.flatMap(({ links }) => links.map(({ spanId }) => spanId));
      const attemptOf = (block: string): ReceivedSpan[] =>
        attempts.filter(({ attributes }) => attributes['duofactory.block'] === block);
      expect(new Set(steps.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([ofRun.spanId]));
      // Fan-out: one transaction asks for all three; join: the one that asks for `best` follows from `work`.
      expect(new Set(attemptOf('work').map(({ parentSpanId }) => parentSpanId)).size).toBe(1);
      const join = steps.find(({ spanId }) => spanId === attemptOf('best')[0]!.parentSpanId)!;
      expect(attemptOf('work').map(({ spanId }) => spanId)).toContain(join.links.at(-1)!.spanId);
      expect(linked).toEqual(expect.arrayContaining(attemptOf('list').map(({ spanId }) => spanId)));
    });
  });
}

tracesOf('in one process', ({ databaseUrl, folder }) => ({
  async start(env) {
    const host = await launchHost({
      ...env,
      DUOFACTORY_DATABASE_URL: databaseUrl,
      DUOFACTORY_DATA_DIR: folder,
    });
    return { url: host.url, processes: [host] };
  },
}));

if (kafka) {
  afterAll(() => kafka.stop());
  tracesOf('over Kafka', ({ databaseUrl, folder }) => ({
    async start(env) {
      const common = {
        ...env,
        DUOFACTORY_BUS: 'kafka',
        DUOFACTORY_KAFKA_BROKERS: kafka.brokers.join(','),
        DUOFACTORY_KAFKA_PARTITIONS: '2',
        DUOFACTORY_DATABASE_URL: databaseUrl,
        DUOFACTORY_DATA_DIR: folder,
        DUOFACTORY_HTTP_PORT: '0',
        DUOFACTORY_LOG_LEVEL: 'info',
      };
      const orchestrator = launch('services/orchestrator/dist/main.js', [], common);
      const url = await servingAt(orchestrator);
      const evaluator = launch('services/evaluator/dist/main.js', [], {
        ...common,
        DUOFACTORY_ORCHESTRATOR_URL: url,
      });
      await servingAt(evaluator);
      return { url, processes: [orchestrator, evaluator] };
    },
  }));
} else describe.skip('a run over Kafka', () => it('needs a broker', () => undefined));

const isRunSpan = ({ name }: ReceivedSpan): boolean => name === 'run traced';
const isAttempt = ({ name }: ReceivedSpan): boolean => name.startsWith('block ');

async function openReview(api: Api): Promise<string> {
  for (;;) {
    const { reviews } = await api.get<{ reviews: { task: string }[] }>('/api/reviews');
    if (reviews[0]) return reviews[0].task;
    await pause(50);
  }
}
