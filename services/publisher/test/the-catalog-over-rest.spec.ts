import { LocalBus } from '@duofactory/messaging';
import { FsObjectStore } from '@duofactory/objects';
import type { ServiceDefinition } from '@duofactory/platform';
import { quietLog, startForTest, useEmptyDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PublishEpisode } from '../src/app/publish-episode.js';
import { catalogCases, publisherService } from '../src/publisher.module.js';

describe('the catalog over REST', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  const audio = Buffer.from('0123456789');
  let folder: string;
  let service: ServiceUnderTest;
  let publish: PublishEpisode;
  let episode: string;

  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${service.url}/api/${path}`, { headers });
  const json = async <T>(path: string): Promise<T> => (await (await get(path)).json()) as T;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-catalog-'));
    const objects = new FsObjectStore(folder);
    const definition: ServiceDefinition = {
      ...publisherService,
      create: (parts) => {
        publish = catalogCases({ ...parts, objects }).publish;
        return publisherService.create(parts);
      },
    };
    service = await startForTest(definition, { bus, databaseUrl: database.url, objects });
    await bus.start();
    const ref = await objects.put(audio, 'audio/ogg');
    for (const [node, slot] of [
      ['cafe', 1],
      ['cafe', 2],
      ['viaje', 1],
    ] as const) {
      const lines = [{ speaker: 'Ana', text: 'Hola.', startMs: 0, endMs: 9, words: [], visemes: [] }];
      const result = await publish.execute(
        {
          environment: 'dev',
          course: { id: 'en-es', from: 'en', to: 'es' },
          node: { id: node, name: node, level: 'A1' },
          slot,
          wrapper: 'Slow News',
          title: `${node} ${slot}`,
          viability: 0.8,
          script: { lines },
          exercises: [],
          audio: { audio: ref, durationMs: 10, peaks: ref, lines },
          provenance: {
            run: 'r',
            prompts: [],
            evaluators: [],
            scores: {},
            models: [],
            offline: false,
            rows: [],
          },
        },
        { task: randomUUID(), run: randomUUID() },
      );
      episode = result.episode;
    }
  });

  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('lists courses, nodes and episodes, by filters and in pages', async () => {
    expect(await json('environments')).toEqual({ environments: ['dev'] });
    expect(await json('courses')).toEqual({ courses: [{ id: 'en-es', from: 'en', to: 'es', episodes: 3 }] });
    expect(await json('nodes?course=en-es')).toEqual({
      nodes: [
        { id: 'cafe', name: 'cafe', level: 'A1', episodes: 2, emptySlots: [] },
        { id: 'viaje', name: 'viaje', level: 'A1', episodes: 1, emptySlots: [] },
      ],
    });
    interface Page {
      episodes: { title: string }[];
      next?: string;
    }
    const first = await json<Page>('episodes?limit=2');
    const second = await json<Page>(`episodes?limit=2&cursor=${first.next}`);
    expect([...first.episodes, ...second.episodes].map(({ title }) => title)).toEqual([
      'viaje 1',
      'cafe 2',
      'cafe 1',
    ]);
    expect(second.next).toBeUndefined();
    expect((await json<Page>('episodes?node=cafe')).episodes).toHaveLength(2);
    expect((await json<Page>('episodes?environment=prod')).episodes).toEqual([]);
  });

  it.each(['2026-11-30', '2026-11-30T09:00Z', '2026-11-30T09:00:00.5%2B14:00'])(
    'reads %s as a time',
    async (time) => {
      expect((await get(`episodes?changedSince=${time}`)).status).toBe(200);
    },
  );

  it.each([
    ['episodes?limit=0', 400],
    ['episodes?environment=test', 400],
    ['episodes?colour=red', 400],
    ['episodes?cursor=x', 400],
    ['episodes?changedSince=-271821-04-20', 400],
    ['episodes?changedSince=2026-W10-1', 400],
    ['episodes?changedSince=2026-02-30', 400],
    ['episodes/no-uuid', 400],
    [`episodes/${randomUUID()}`, 404],
  ])('answers %s with a problem', async (path, status) => {
    const response = await get(path);

    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status });
  });

  it('gives audio whole or in parts', async () => {
    const whole = await get(`episodes/${episode}/audio`);
    const part = await get(`episodes/${episode}/audio`, { range: 'bytes=2-4' });
    const beyond = await get(`episodes/${episode}/audio`, { range: 'bytes=20-' });

    expect([whole.status, await whole.text()]).toEqual([200, '0123456789']);
    expect(whole.headers.get('etag')).toMatch(/^"sha256/);
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 2-4/10',
      '234',
    ]);
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10']);
  });
});
