import {
  blockCompletedV1,
  blockRequestedTopic,
  blockTypeRegisteredV1,
  type BlockRequested,
  contentPublishedV1,
  runCompletedV1,
} from '@duofactory/contracts';
import { KafkaBus } from '@duofactory/messaging';
import {
  anEvent,
  kafkaIfAvailable,
  quietLog,
  startForTest,
  useEmptyDatabase,
  type ServiceUnderTest,
} from '@duofactory/testing';
import { until, untilReady } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { orchestratorService } from '../src/orchestrator.module.js';

const PATIENT = 600_000;
const RUNS = 10;
const kafka = await kafkaIfAvailable({ proxies: 1 });

// Around them, so that it is dropped when nobody uses it any more.
(kafka ? describe : describe.skip)('a broker that is away', () => {
  const database = useEmptyDatabase();

  runsThatAreAccepted(database);
});

function runsThatAreAccepted(database: { readonly url: string }): void {
  describe('runs that are accepted meanwhile', () => {
    let bus: KafkaBus;
    let others: KafkaBus;
    let admin: pg.Client;
    let orchestrator: ServiceUnderTest;

    const busBy = (broker: string): KafkaBus =>
      new KafkaBus({ brokers: [broker], clientId: 'spec', partitions: 2, log: quietLog, maxWaitMs: 100 });
    const start = (key: string): Promise<Response> =>
      fetch(`${orchestrator.url}/api/runs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ workflow: 'short' }),
      });
    const statuses = async (): Promise<Record<string, number>> => {
      const { rows } = await admin.query<{ status: string; runs: number }>(
        'SELECT status, count(*)::int AS runs FROM orchestrator.runs GROUP BY status',
      );
      return Object.fromEntries(rows.map(({ status, runs }) => [status, runs]));
    };

    beforeAll(async () => {
      admin = new pg.Client({ connectionString: database.url });
      await admin.connect();
      bus = busBy(`127.0.0.1:${kafka!.proxies[0]!.port}`);
      others = busBy(kafka!.brokers[0]!);
      await others.ensureTopics([runCompletedV1, contentPublishedV1].map(({ topic }) => ({ name: topic })));
      orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
      await bus.start();
      await others.subscribe({
        group: 'test.echo',
        topics: [blockRequestedTopic('echo')],
        fromBeginning: true,
        each: async ({ data }) => {
          const { run, task, attempt } = data as BlockRequested;
          const answer = { run, task, attempt, outputs: [{ result: { said: true } }] };
          const event = anEvent(answer, { type: blockCompletedV1.type, subject: run });
          await others.publish([{ topic: blockCompletedV1.topic, key: run, event }]);
        },
      });
      await others.start();
      const manifest = {
        ...{ type: 'echo', version: 1, title: 'Echo', description: 'Echo', input: 'each', output: 'one' },
        with: { type: 'object' },
      };
      const type = anEvent({ service: 'test', manifest }, { type: blockTypeRegisteredV1.type });
      await others.publish([{ topic: blockTypeRegisteredV1.topic, key: 'echo', event: type }]);
      const blocks = [
        { id: 'one', type: 'echo', needs: [] },
        { id: 'two', type: 'echo' },
      ];
      const definition = { kind: 'workflow', id: 'short', blocks };
      // The type is known a moment after it was announced.
      await until(async () => {
        const response = await fetch(`${orchestrator.url}/api/workflows/short/versions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ definition }),
        });
        return response.ok;
      });
    }, PATIENT);

    afterAll(async () => {
      kafka!.proxies[0]!.mend();
      await others?.drain();
      await others?.stop();
      await bus?.drain();
      await orchestrator?.stop();
      await bus?.stop();
      await admin?.end();
      await kafka!.stop();
    }, PATIENT);

    it(
      'are stored before they are acknowledged, and all of them end when it is back',
      async () => {
        const [wire] = kafka!.proxies;
        wire!.cut();

        const answers = await Promise.all(Array.from({ length: RUNS }, (_, n) => start(`run ${n}`)));

        expect(answers.map(({ status }) => status)).toEqual(Array(RUNS).fill(201));
        expect(await statuses()).toEqual({ running: RUNS });
        const { rows } = await admin.query(`SELECT FROM orchestrator.outbox`);
        expect(rows.length).toBeGreaterThan(0);
        expect((await fetch(`${orchestrator.url}/health/ready`)).status).toBe(503);

        wire!.mend();
        await until(async () => (await statuses())['completed'] === RUNS);
        await untilReady(orchestrator.url);
        expect((await start('run 0')).status).toBe(200);
        const letters = await admin.query('SELECT id FROM orchestrator.dead_letters');
        expect(letters.rows).toEqual([]);
      },
      PATIENT,
    );
  });
}
