import { uuidFrom } from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { FsObjectStore } from '@duofactory/objects';
import type { ServiceDefinition } from '@duofactory/platform';
import { quietLog, startForTest, useEmptyDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PublishEpisode } from '../src/app/publish-episode.js';
import { catalogCases, publisherService } from '../src/publisher.module.js';
import { someParts } from './some-parts.js';

interface Reviews {
  readonly asked: number;
  readonly refused: number;
  readonly code?: string;
  readonly results: readonly { episode: string; outcome: string; run?: string; problem?: { code: string } }[];
}

/** The task whose run is said to have no review. */
const WITHOUT_REVIEW = uuidFrom('task', 'without a review');

describe('episodes are reviewed once more', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let folder: string;
  let orchestrator: Server;
  let asked: { task: string; by: unknown; key: unknown }[] = [];
  let service: ServiceUnderTest;
  let publisher: PublishEpisode;

  beforeAll(async () => {
    // The orchestrator as it answers on the wire.
    orchestrator = createServer((request, response) => {
      const task = /^\/api\/tasks\/([^/]+)\/reviews$/.exec(request.url ?? '')![1]!;
      const { 'x-duofactory-user': by, 'idempotency-key': key } = request.headers;
      asked.push({ task, by, key });
      const isRefused = task === WITHOUT_REVIEW;
      response.writeHead(isRefused ? 409 : 201, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isRefused ? { code: 'no-review-above' } : { id: uuidFrom('run', task) }));
    }).listen(0, '127.0.0.1');
    await once(orchestrator, 'listening');
    folder = await mkdtemp(join(tmpdir(), 'duofactory-reviewed-'));
    const definition: ServiceDefinition = {
      ...publisherService,
      create: (parts) => {
        publisher = catalogCases(parts).publish;
        return publisherService.create(parts);
      },
    };
    service = await startForTest(definition, {
      ...{ bus, databaseUrl: database.url, objects: new FsObjectStore(folder) },
      urls: { orchestrator: `http://127.0.0.1:${(orchestrator.address() as AddressInfo).port}` },
    });
    await bus.start();
  });

  beforeEach(() => {
    asked = [];
  });

  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
    orchestrator.close();
    await rm(folder, { recursive: true, force: true });
  });

  const send = async <T>(method: string, path: string, body: object, headers = {}): Promise<T> => {
    const response = await fetch(`${service.url}/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-duofactory-user': 'ana', ...headers },
      body: JSON.stringify(body),
    });
    return (await response.json()) as T;
  };
  const review = (body: object, headers = {}): Promise<Reviews> =>
    send<Reviews>('POST', 'episodes/reviews', body, headers);
  const published = async (course: string, task: string, slot = 1): Promise<string> =>
    (await publisher.execute(someParts({ course, slot }), { task, run: uuidFrom('run of', task) })).episode;

  it('by the task that made them, whatever people made of them since', async () => {
    const task = uuidFrom('task', 1);
    const episode = await published('origin', task);
    await send('PATCH', `episodes/${episode}`, { title: 'Otro' });
    await send('POST', 'episodes/actions', { action: 'promote', episodes: [episode] });

    const answer = await review(
      { environment: 'prod', episodes: [episode] },
      { 'idempotency-key': 'a press' },
    );

    expect(asked).toEqual([{ task, by: 'ana', key: `episode-review/a press/${task}` }]);
    expect(answer).toEqual({
      ...{ asked: 1, refused: 0 },
      results: [{ episode, outcome: 'asked', run: uuidFrom('run', task) }],
    });
  });

  it('each by itself: one that is refused stops none', async () => {
    const first = await published('each', uuidFrom('task', 2), 1);
    const second = await published('each', WITHOUT_REVIEW, 2);
    const stranger = uuidFrom('stranger');

    const { results, ...counts } = await review({ episodes: [second, stranger, first] });

    expect(counts).toEqual({ asked: 1, refused: 2 });
    expect(results.map(({ episode, problem }) => [episode, problem?.code])).toEqual([
      [second, 'no-review-above'],
      [stranger, 'unknown-episode'],
      [first, undefined],
    ]);
  });

  it('all that match; more than people hear are refused before anybody is asked', async () => {
    await published('match', uuidFrom('task', 3), 1);
    await published('match', uuidFrom('task', 4), 2);

    const match = await review({ where: { course: 'match', slot: 2 } });
    const many = await review({ episodes: Array.from({ length: 101 }, (_, i) => uuidFrom('many', i)) });

    expect(match.asked).toBe(1);
    expect(many.code).toBe('too-many-episodes');
    expect(asked.map(({ task }) => task)).toEqual([uuidFrom('task', 4)]);
  });
});
