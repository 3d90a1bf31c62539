import { LocalBus } from '@duofactory/messaging';
import { FsObjectStore } from '@duofactory/objects';
import type { ServiceDefinition } from '@duofactory/platform';
import { catalogCases, publisherService, type CatalogCases } from '@duofactory/publisher';
import { quietLog, startForTest, useEmptyDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalog } from '../src/commands/catalog.js';
import { recall } from '../src/commands/recall.js';
import { written } from './command-line.js';

describe('by command', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let folder: string;
  let objects: FsObjectStore;
  let service: ServiceUnderTest;
  let cases: CatalogCases;

  const run = (...args: string[]) => written(catalog, [...args, '--url', service.url]);
  const publish = async (course: string, slot: number, title: string, prompt = 'script@1') => {
    const audio = await objects.put(Buffer.from('0123456789'), 'audio/ogg');
    const lines = [{ speaker: 'Ana', text: 'Hola.', startMs: 0, endMs: 9, words: [], visemes: [] }];
    const { episode } = await cases.publish.execute(
      {
        ...{ environment: 'dev', course: { id: course, from: 'en', to: 'es' }, slot, title },
        ...{ node: { id: 'cafe', name: 'Café', level: 'A1' }, wrapper: `Show ${slot}`, viability: 0.8 },
        ...{ script: { lines }, exercises: [], audio: { audio, durationMs: 10, peaks: audio, lines } },
        provenance: {
          ...{ run: 'r', prompts: [prompt], evaluators: [], scores: {}, models: [] },
          ...{ offline: false, rows: [] },
        },
      },
      { task: randomUUID(), run: randomUUID() },
    );
    return episode;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-catalog-'));
    objects = new FsObjectStore(folder);
    const definition: ServiceDefinition = {
      ...publisherService,
      create: (parts) => {
        cases = catalogCases(parts);
        return publisherService.create(parts);
      },
    };
    service = await startForTest(definition, { bus, databaseUrl: database.url, objects });
    await bus.start();
  });
  afterEach(() => {
    process.exitCode = undefined;
  });
  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('episodes are listed, counted, promoted, retired, published and rolled back', async () => {
    const one = await publish('list', 1, 'Uno');
    await publish('list', 2, 'Dos');
    await publish('list', 1, 'Uno, mejor');

    const list = await run('list', '--course', 'list', '--name', 'uno');
    const counted = await run('list', '--course', 'list', '--by', 'status');
    const promoted = await run('promote', '--course', 'list');
    const retired = await run('unpublish', one, '--environment', 'prod');
    const published = await run('publish', one, '--environment', 'prod');
    const back = await run('rollback', one);
    const json = await run('list', '--course', 'list', '--name', 'uno', '--json');

    expect(list).toMatch(new RegExp(`${one} +list/cafe +1 +Show 1 +Uno, mejor +0.80 +published +2`));
    expect(list).not.toContain('Dos');
    expect(counted).toMatch(/published +2 +2 +0.80/);
    expect(promoted).toBe('2 changed, 0 as they were, 0 refused\n');
    expect([retired, published, back]).toEqual(Array(3).fill('1 changed, 0 as they were, 0 refused\n'));
    expect(JSON.parse(json)).toMatchObject([{ id: one, title: 'Uno', version: 1 }]);
  });

  it('episodes are moved, swapped and renamed', async () => {
    const one = await publish('move', 1, 'Uno');
    const two = await publish('move', 2, 'Dos');

    await expect(run('move', one, '2')).rejects.toMatchObject({ code: 'slot-taken' });
    const swapped = await run('move', one, '2', '--swap');
    const renamed = await run('rename', two, 'Dos\u001b[31m, mejor');

    expect(swapped).toBe(`${one} has slot 2 of cafe\n`);
    expect(renamed).not.toContain('\u001b');
    expect(await run('list', '--course', 'move')).toMatch(new RegExp(`${two} +move/cafe +1 `));
  });

  it('a recall says first what it would take back', async () => {
    const bad = await publish('recall', 1, 'Mal', 'bad@3');
    await publish('recall', 2, 'Bien', 'good@1');
    const recalling = (...args: string[]) => written(recall, [...args, '--url', service.url]);

    const looked = await recalling('--prompt', 'bad@3');
    const untouched = await run('list', '--course', 'recall', '--status', 'recalled', '--json');
    const done = await recalling('--prompt', 'bad@3', '--reason', 'says "vos"', '--yes');

    expect(looked).toMatch(new RegExp(`dev +${bad} +recall/cafe +1 +Mal +1 +none`));
    expect(looked).toContain('Nothing is changed: --yes recalls them');
    expect(JSON.parse(untouched)).toEqual([]);
    expect(done).toContain('Recalled: ');
    expect(await run('list', '--course', 'recall', '--status', 'recalled')).toContain('Mal');
  });

  it('what is wrong is said: no episodes, both ids and filters, a refusal, two things to recall', async () => {
    const one = await publish('wrong', 1, 'Uno');

    await expect(run('promote')).rejects.toThrow('Say which');
    await expect(run('promote', one, '--course', 'wrong')).rejects.toThrow('not both');
    expect(await run('rollback', one)).toBe('0 changed, 0 as they were, 1 refused\n');
    expect(process.exitCode).toBe(1);
    await expect(run('move', one, 'first')).rejects.toThrow('give a number');
    await expect(written(recall, ['--prompt', 'a@1', '--model', 'b', '--url', service.url])).rejects.toThrow(
      'Name one of',
    );
  });
});
