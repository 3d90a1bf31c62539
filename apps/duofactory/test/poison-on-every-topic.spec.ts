import { runRequestedV1, uuidFrom } from '@duofactory/contracts';
import { KafkaBus, writeHeaders } from '@duofactory/messaging';
import { anEvent, kafkaIfAvailable, useEmptyDatabase } from '@duofactory/testing';
import { RawKafka, type RawMessage, type RawRecord } from '@duofactory/testing/kafka';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../src/client/api.js';
import type { Run } from '../src/client/runs.js';
import { waitForRun } from '../src/commands/run.js';
import { startHost, type Host } from '../src/host/start-host.js';
import { applyShipped } from './episodes.js';
import { contractsOn, goodEventsOn } from './good-messages.js';

const kafka = await kafkaIfAvailable();
const HANGS_AFTER_MS = 20 * 60_000;
const TRIGGERS = 'other-team.orders';
/** With the headers of a record this is just below what a broker takes by default, and a letter about it is above. */
const LARGE_BYTES = 1_040_000;

const isGood = (key: Buffer | null): boolean => String(key).startsWith('good ');

interface Letter {
  readonly id: string;
  readonly topic: string;
  readonly group: string;
  readonly partition: number;
  readonly offset: number;
  readonly errorCode: string;
  readonly errorMessage: string;
}

(kafka ? describe : describe.skip)('poison on every topic that a service consumes', () => {
  const database = useEmptyDatabase();
  let folder: string;
  let host: Host;
  let api: Api;
  let raw: RawKafka;
  /** By group, as the broker knows them: a topic that is consumed from tomorrow on is among them. */
  let consumed: Map<string, string[]>;
  const records: RawRecord[] = [];

  const topics = (): string[] => [...new Set([...consumed.values()].flat())].sort();
  const pairs = (): string[] =>
    [...consumed].flatMap(([group, ofGroup]) => ofGroup.map((topic) => `${topic} ${group}`)).sort();
  const untilAllIsRead = (): Promise<void> =>
    until(async () => (await raw.backlogs((group) => consumed.has(group))).length === 0);
  const placeOf = (mark: string): RawRecord => {
    const found = records.find(({ key }) => String(key) === mark);
    if (!found) throw new Error(`${mark} is on no topic`);
    return found;
  };
  const letters = async (): Promise<Letter[]> => {
    const all: Letter[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ limit: '200', ...(cursor ? { cursor } : {}) });
      const page = await api.get<{ deadLetters: Letter[]; next?: string }>(
        `/api/dead-letters?${query.toString()}`,
      );
      all.push(...page.deadLetters);
      cursor = page.next;
    } while (cursor !== undefined);
    return all;
  };
  const parkedBy = (all: readonly Letter[], marks: readonly string[]): string[] => {
    const places = new Set(
      marks.map((mark) => placeOf(mark)).map(({ topic, offset }) => `${topic}@${offset}`),
    );
    const ofMarks = all.filter(({ topic, offset }) => places.has(`${topic}@${offset}`));
    return [...new Set(ofMarks.map(({ topic, group }) => `${topic} ${group}`))].sort();
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-poison-'));
    const otherTeam = new KafkaBus({ brokers: kafka!.brokers, clientId: 'other-team', partitions: 1 });
    await otherTeam.ensureTopics([{ name: TRIGGERS }]);
    await otherTeam.stop();
    host = await startHost({
      DUOFACTORY_BUS: 'kafka',
      DUOFACTORY_KAFKA_BROKERS: kafka!.brokers.join(','),
      // One: what comes after the poison lies behind it.
      DUOFACTORY_KAFKA_PARTITIONS: '1',
      DUOFACTORY_DATABASE_URL: database.url,
      DUOFACTORY_DATA_DIR: folder,
      DUOFACTORY_HTTP_PORT: '0',
      DUOFACTORY_LOG_LEVEL: 'fatal',
      DUOFACTORY_TRIGGER_TOPICS: TRIGGERS,
    });
    api = new Api(host.url);
    raw = await RawKafka.connect(kafka!.brokers);
    consumed = await raw.subscriptions();
    await applyShipped(api);
    await raw.tail(topics(), (record) => void records.push(record));
  }, HANGS_AFTER_MS);

  afterAll(async () => {
    await raw?.stop();
    await host?.stop();
    await kafka!.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'lies with its place and its cause among the dead letters, and what comes after it is handled',
    async () => {
      const poison: Record<string, string[]> = {};
      const good: string[] = [];
      for (const topic of topics()) {
        const types = contractsOn(topic).map(({ type }) => type);
        const headersOf = (type: string): Record<string, string> => writeHeaders(anEvent(null, { type }));
        const bad = (kind: string, message: Omit<RawMessage, 'topic'>): RawMessage => {
          const mark = `${kind} on ${topic} ${poison[kind]?.length ?? 0}`;
          (poison[kind] ??= []).push(mark);
          return { topic, partition: 0, key: mark, ...message };
        };
        await raw.send([
          bad('bytes', { value: Buffer.from([0xff, 0xfe, 0x00, 0x80]) }),
          bad('half an event', { value: '{"half": ', headers: headersOf(types[0] ?? 'of.another.team') }),
          bad('a NUL', { value: '\0', headers: { ce_id: '\0' } }),
        ]);
        // Nothing else has room beside it.
        await raw.send([bad('large', { value: Buffer.alloc(LARGE_BYTES, 'x') })]);
        const events = goodEventsOn(topic);
        good.push(...events.map(({ id }) => `good ${id}`));
        await raw.send([
          ...types.map((type) => bad('nothing', { value: null, headers: headersOf(type) })),
          ...types.map((type) => bad('wrong data', { value: '{"wrong":true}', headers: headersOf(type) })),
          bad('unknown type', { value: '{}', headers: headersOf('nothing.v9') }),
          ...events.map((event) => ({
            ...{ topic, partition: 0, key: `good ${event.id}` },
            ...{ value: JSON.stringify(event.data), headers: writeHeaders(event) },
          })),
        ]);
      }
      await until(async () =>
        [...Object.values(poison).flat(), ...good].every((mark) =>
          records.some(({ key }) => String(key) === mark),
        ),
      );
      await untilAllIsRead();

      const all = await letters();
      const ours = pairs().filter((pair) => !pair.startsWith(TRIGGERS));
      for (const kind of ['bytes', 'half an event', 'a NUL', 'large'])
        expect({ kind, parked: parkedBy(all, poison[kind]!) }).toEqual({ kind, parked: pairs() });
      // Of another team's topic every type is welcome, with or without data.
      for (const kind of ['nothing', 'wrong data', 'unknown type'])
        expect({ kind, parked: parkedBy(all, poison[kind]!) }).toEqual({ kind, parked: ours });
      const known = new Set(
        Object.values(poison)
          .flat()
          .map((mark) => placeOf(mark))
          .map(({ topic, offset }) => `${topic}@${offset}`),
      );
      // The good message on the topic of letters tells of one that nobody parked.
      const parked = all.filter(({ topic }) => topic !== 'of-nobody');
      expect(parked.filter(({ topic, offset }) => !known.has(`${topic}@${offset}`))).toEqual([]);
      expect(
        parked.filter(
          ({ partition, errorCode, errorMessage }) => partition !== 0 || !errorCode || !errorMessage,
        ),
      ).toEqual([]);
    },
    HANGS_AFTER_MS,
  );

  it(
    'stops nobody: the run that a good message asks for goes over the same partitions to its end',
    async () => {
      const [asked] = records.filter(({ topic, key }) => topic === runRequestedV1.topic && isGood(key));
      const { ce_source: source, ce_id: id } = asked!.headers;
      const run = await api.get<Run>(`/api/runs/${uuidFrom('run', `${source}#${id}`)}`);

      expect((await waitForRun(api, run)).status).toBe('completed');
    },
    HANGS_AFTER_MS,
  );
});
