import {
  contentPublishedV1,
  uuidFrom,
  type CloudEvent,
  type ContentPublished,
  type ContentUnpublished,
  type EpisodeProvenance,
} from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { FsObjectStore } from '@duofactory/objects';
import type { ServiceDefinition } from '@duofactory/platform';
import {
  Received,
  quietLog,
  startForTest,
  useEmptyDatabase,
  type ServiceUnderTest,
} from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CourseManifest } from '../src/app/course-manifest.js';
import type { EpisodeParts } from '../src/app/build-episode.js';
import type { PublishEpisode } from '../src/app/publish-episode.js';
import { catalogCases, publisherService } from '../src/publisher.module.js';
import { someParts } from './some-parts.js';

interface Answer {
  readonly status: number;
  readonly body: {
    readonly [name: string]: unknown;
    readonly episodes: {
      readonly id: string;
      readonly title: string;
      environment: string;
      then: number | null;
    }[];
    readonly results: { readonly outcome: string; readonly problem?: object }[];
    readonly recalls: unknown[];
    readonly occupant: { readonly episode: string };
  };
}

describe('an editor changes the catalog', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  const told = new Received<CloudEvent<ContentPublished | ContentUnpublished>>();
  let folder: string;
  let objects: FsObjectStore;
  let service: ServiceUnderTest;
  let publisher: PublishEpisode;
  let tasks = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-editor-'));
    objects = new FsObjectStore(folder);
    const definition: ServiceDefinition = {
      ...publisherService,
      create: (parts) => {
        publisher = catalogCases(parts).publish;
        return publisherService.create(parts);
      },
    };
    await bus.subscribe({
      group: 'spec',
      topics: [contentPublishedV1.topic],
      each: async (event) => told.add(event as CloudEvent<ContentPublished | ContentUnpublished>),
    });
    service = await startForTest(definition, { bus, databaseUrl: database.url, objects });
    await bus.start();
  });

  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const send = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${service.url}/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-duofactory-user': 'ana' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
  const act = async (body: object): Promise<Answer['body']> =>
    (await send('POST', 'episodes/actions', body)).body;
  const publish = async (parts: EpisodeParts): Promise<string> => {
    const task = uuidFrom('task', (tasks += 1));
    return (await publisher.execute(parts, { task, run: uuidFrom('run', parts.course.id) })).episode;
  };
  const manifest = async (course: string, environment = 'dev'): Promise<[slot: number, title: string][]> => {
    const found = await objects.getNamed(`courses/${environment}/${course}/manifest.json`);
    const { episodes } = JSON.parse(Buffer.from(found!.bytes).toString()) as CourseManifest;
    return episodes.map(({ slot, title }) => [slot, title]);
  };
  const eventsOf = async (course: string): Promise<string[]> => {
    // An event of a course of its own comes after all others.
    const last = await publish(someParts({ course: `${course}-${tasks}` }));
    while (!told.items.some(({ data }) => data.episode === last)) await told.until(told.items.length + 1);
    return told.items
      .filter(({ data }) => data.course === course)
      .map(({ type, data }) => `${type} ${data.environment} ${data.change} v${data.version}`);
  };

  it('promotes what readers of dev have, as a whole and once', async () => {
    const first = await publish(someParts({ course: 'promote', slot: 1, title: 'Uno' }));
    await publish(someParts({ course: 'promote', slot: 2, title: 'Dos' }));

    const all = { action: 'promote', where: { course: 'promote', status: 'published' } };
    const done = await act(all);
    const again = await act(all);

    expect([done['changed'], again['changed'], again['unchanged']]).toEqual([2, 0, 2]);
    expect(await manifest('promote', 'prod')).toEqual([
      [1, 'Uno'],
      [2, 'Dos'],
    ]);
    const { body } = await send('GET', `episodes/${first}?environment=prod`);
    expect(body).toMatchObject({ version: 1, status: 'published', changedBy: 'ana', title: 'Uno' });
    const document = await send('GET', `episodes/${first}/episode.json?environment=prod`);
    expect(document.body).toMatchObject({ id: first, version: 1, slot: 1 });
    expect(await eventsOf('promote')).toEqual(
      expect.arrayContaining([
        'content-published.v1 prod promoted v1',
        'content-published.v1 dev published v1',
      ]),
    );
    expect(await eventsOf('promote')).toHaveLength(4);
  });

  it('unpublishes, rolls back to an earlier version, and each is told once', async () => {
    const id = await publish(someParts({ course: 'back', title: 'Uno' }));
    await publish(someParts({ course: 'back', title: 'Dos' }));

    await act({ action: 'rollback', episodes: [id] });
    const earlier = await manifest('back');
    await act({ action: 'unpublish', episodes: [id] });
    const none = await manifest('back');
    const gone = await send('GET', `episodes/${id}/episode.json`);
    const kept = await send('GET', `episodes/${id}/episode.json?version=2`);
    await act({ action: 'rollback', episodes: [id], version: 2 });
    const again = await act({ action: 'rollback', episodes: [id], version: 2 });

    expect([earlier, none]).toEqual([[[1, 'Uno']], []]);
    expect([gone.status, gone.body['code'], kept.body['title']]).toEqual([
      404,
      'episode-not-published',
      'Dos',
    ]);
    expect(await manifest('back')).toEqual([[1, 'Dos']]);
    expect(again).toMatchObject({ changed: 0, unchanged: 1 });
    expect(await eventsOf('back')).toEqual([
      'content-published.v1 dev published v1',
      'content-published.v1 dev published v2',
      'content-published.v1 dev rolled-back v1',
      'content-unpublished.v1 dev unpublished v1',
      'content-published.v1 dev rolled-back v2',
    ]);
    // Whoever knows an event by its id must not take one of them for another.
    const ids = told.items.filter(({ data }) => data.course === 'back').map((event) => event.id);
    expect(new Set(ids).size).toBe(5);
  });

  it('finds a slot taken, and swaps', async () => {
    const one = await publish(someParts({ course: 'swap', slot: 1, title: 'Uno' }));
    const two = await publish(someParts({ course: 'swap', slot: 2, title: 'Dos' }));

    const taken = await send('PATCH', `episodes/${one}`, { slot: 2 });
    const swapped = await send('PATCH', `episodes/${one}`, { slot: 2, swap: true });

    expect([taken.status, taken.body['code'], taken.body.occupant.episode]).toEqual([409, 'slot-taken', two]);
    expect(taken.body['detail']).toContain('"swap": true');
    expect(swapped.body).toMatchObject({ slot: 2, version: 2, status: 'published' });
    expect(await manifest('swap')).toEqual([
      [1, 'Dos'],
      [2, 'Uno'],
    ]);
    // What a run publishes for it from now on comes where the editor put it.
    await publish(someParts({ course: 'swap', slot: 1, title: 'Uno, otra vez' }));
    expect(await manifest('swap')).toEqual([
      [1, 'Dos'],
      [2, 'Uno, otra vez'],
    ]);
  });

  it('gives a slot to one show: another is refused with the remedy, or replaces it', async () => {
    const old = await publish(someParts({ course: 'shows', wrapper: 'Old Show', title: 'Old' }));
    const next = someParts({ course: 'shows', wrapper: 'New Show', title: 'New' });

    const refused = publish(next);
    await expect(refused).rejects.toMatchObject({ code: 'slot-taken', retryable: false });
    await expect(refused).rejects.toThrow('"replace": true');
    await publisher.execute(next, { task: uuidFrom('replace'), run: uuidFrom('run'), replace: true });

    expect(await manifest('shows')).toEqual([[1, 'New']]);
    expect((await send('GET', `episodes/${old}`)).body).toMatchObject({
      version: null,
      status: 'unpublished',
    });
    const back = await act({ action: 'rollback', episodes: [old], version: 1 });
    expect(back.results[0]).toMatchObject({
      outcome: 'refused',
      problem: { status: 409, code: 'slot-taken' },
    });
    expect(await eventsOf('shows')).toContain('content-unpublished.v1 dev replaced v1');
  });

  it('filters and groups', async () => {
    for (const [slot, wrapper, viability] of [
      [1, 'Slow News', 0.95],
      [2, 'Slow News', 0.75],
      [3, 'Cooking', 0.85],
    ] as const)
      await publish(someParts({ course: 'list', slot, wrapper, viability, title: `Número ${slot}` }));
    const titles = async (query: string): Promise<string[]> =>
      (await send('GET', `episodes?course=list&${query}`)).body.episodes.map((one) => one.title);

    expect(await titles('minViability=0.8')).toEqual(['Número 3', 'Número 1']);
    expect(await titles('wrapper=Cooking&level=A1&slot=3')).toEqual(['Número 3']);
    expect(await titles('name=NÚMERO%202&schemaVersion=1&pipelineStatus=running')).toEqual(['Número 2']);
    expect(await titles(`run=${uuidFrom('run', 'list')}&maxViability=0.8`)).toEqual(['Número 2']);
    const { body } = await send('GET', 'episodes/groups?by=wrapper&course=list');
    expect(body['groups']).toEqual([
      expect.objectContaining({ value: 'Cooking', episodes: 1, published: 1, viability: 0.85 }),
      expect.objectContaining({ value: 'Slow News', episodes: 2, published: 2, viability: 0.85 }),
    ]);
  });

  it('publishes again what readers lost, and refuses what finds its slot taken', async () => {
    const old = await publish(someParts({ course: 'again', wrapper: 'Old Show', title: 'Old' }));
    await act({ action: 'unpublish', episodes: [old] });
    const back = await act({ action: 'publish', episodes: [old] });
    const twice = await act({ action: 'publish', where: { course: 'again' } });
    await act({ action: 'unpublish', episodes: [old] });
    const next = await publish(someParts({ course: 'again', wrapper: 'New Show', title: 'New' }));

    const refused = await act({ action: 'publish', where: { course: 'again' } });
    const replaced = await act({ action: 'publish', episodes: [old], replace: true });

    expect([back['changed'], twice['changed'], twice['unchanged']]).toEqual([1, 0, 1]);
    expect([refused['unchanged'], refused['refused']]).toEqual([1, 1]);
    expect(refused.results.find(({ problem }) => problem)?.problem).toMatchObject({
      code: 'slot-taken',
      occupant: { episode: next, title: 'New' },
    });
    expect(replaced['changed']).toBe(1);
    expect(await manifest('again')).toEqual([[1, 'Old']]);
    expect(await eventsOf('again')).toContain('content-published.v1 dev published v1');
  });

  it('gives an episode another name, as a version of its own', async () => {
    const id = await publish(someParts({ course: 'name', title: 'Uno' }));

    const renamed = await send('PATCH', `episodes/${id}`, { title: '  Uno, mejor ' });
    const again = await send('PATCH', `episodes/${id}`, { title: 'Uno, mejor' });

    expect(renamed.body).toMatchObject({ title: 'Uno, mejor', version: 2, changedBy: 'ana' });
    expect(again.body).toMatchObject({ version: 2 });
    expect(await manifest('name')).toEqual([[1, 'Uno, mejor']]);
    expect((await send('GET', `episodes/${id}/episode.json`)).body['title']).toBe('Uno, mejor');
    expect(await eventsOf('name')).toContain('content-published.v1 dev renamed v2');
    await act({ action: 'unpublish', episodes: [id] });
    const unlisted = await send('PATCH', `episodes/${id}`, { title: 'Dos' });
    expect([unlisted.status, unlisted.body['code']]).toEqual([409, 'episode-not-published']);
  });

  it('counts attempts to publish content, and no rename or move of it', async () => {
    const one = await publish(someParts({ course: 'attempts', slot: 1, title: 'Uno' }));
    await publish(someParts({ course: 'attempts', slot: 2, title: 'Dos' }));
    const attempts = async (): Promise<unknown> => (await send('GET', `episodes/${one}`)).body['attempts'];

    await send('PATCH', `episodes/${one}`, { title: 'Uno, mejor' });
    const moved = await send('PATCH', `episodes/${one}`, { slot: 2, swap: true });
    const edited = await attempts();
    await publish(someParts({ course: 'attempts', slot: 1, title: 'Uno, otra vez' }));

    expect(moved.body).toMatchObject({ slot: 2, title: 'Uno, mejor' });
    expect([edited, await attempts()]).toEqual([1, 2]);
  });

  it('shows a course as it lies: by node and slot, in pages, with the slots that are empty', async () => {
    const viaje = { id: 'viaje', name: 'El viaje', level: 'A2' };
    await publish(someParts({ course: 'lies', slot: 4, title: 'Cuatro' }));
    const gone = await publish(someParts({ course: 'lies', slot: 2, title: 'Dos' }));
    await publish(someParts({ course: 'lies', slot: 1, node: viaje, title: 'Viaje' }));
    await publish(someParts({ course: 'lies', slot: 1, title: '=Uno' }));
    await act({ action: 'unpublish', episodes: [gone] });

    const first = await send('GET', 'episodes?course=lies&order=place&limit=3');
    const next = await send('GET', `episodes?course=lies&order=place&cursor=${String(first.body['next'])}`);
    const nodes = await send('GET', 'nodes?course=lies');
    const exported = await fetch(`${service.url}/api/episodes/exports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ where: { course: 'lies', status: 'published' } }),
    });

    const pages = [...first.body.episodes, ...next.body.episodes];
    expect(pages.map(({ title }) => title)).toEqual(['=Uno', 'Dos', 'Cuatro', 'Viaje']);
    expect(next.body['next']).toBeUndefined();
    expect(nodes.body['nodes']).toEqual([
      { id: 'cafe', name: 'En el café', level: 'A1', episodes: 2, emptySlots: [2, 3] },
      { id: 'viaje', name: 'El viaje', level: 'A2', episodes: 1, emptySlots: [] },
    ]);
    const [head, ...rows] = (await exported.text()).trim().split('\n');
    expect(head).toMatch(/^id,environment,course,node,nodeName,level,slot,title,/);
    expect(rows.map((row) => row.split(',').slice(6, 8).join(' '))).toEqual([
      "1 '=Uno",
      '4 Cuatro',
      '1 Viaje',
    ]);
  });

  it('recalls all that a prompt version went into, after a look', async () => {
    const with3 = provenance({ prompts: ['bad@3'] });
    const with2 = provenance({ prompts: ['bad@2'] });
    const one = await publish(someParts({ course: 'recall', slot: 1, title: 'Good 1', provenance: with2 }));
    await publish(someParts({ course: 'recall', slot: 1, title: 'Bad 1', provenance: with3 }));
    const two = await publish(someParts({ course: 'recall', slot: 2, title: 'Bad 2', provenance: with3 }));
    await publish(someParts({ course: 'recall', slot: 3, title: 'Good 3', provenance: with2 }));
    await act({ action: 'promote', where: { course: 'recall' } });
    const recall = { input: { prompt: 'bad@3' }, remedy: 'rollback', reason: 'says "vos"' };

    const blind = await send('POST', 'recalls', recall);
    const { body: forecast } = await send('POST', 'recalls', { ...recall, dryRun: true });
    const untouched = await manifest('recall');
    const sealed = { ...recall, seal: forecast['seal'] };
    const { body: done } = await send('POST', 'recalls', sealed);
    const again = await send('POST', 'recalls', sealed);

    expect([blind.status, blind.body['code']]).toEqual([428, 'seal-missing']);
    expect(forecast.episodes.map((it) => [it.environment, it.id, it.then])).toEqual([
      ['dev', one, 1],
      ['dev', two, null],
      ['prod', one, null],
      ['prod', two, null],
    ]);
    expect(untouched.map(([, title]) => title)).toEqual(['Bad 1', 'Bad 2', 'Good 3']);
    expect(done).toMatchObject({ recalledBy: 'ana', reason: 'says "vos"' });
    expect(done.episodes).toHaveLength(4);
    expect(await manifest('recall')).toEqual([
      [1, 'Good 1'],
      [3, 'Good 3'],
    ]);
    expect(await manifest('recall', 'prod')).toEqual([[3, 'Good 3']]);
    expect([again.status, again.body['code']]).toEqual([412, 'seal-broken']);
    const back = await act({ action: 'rollback', episodes: [two], version: 1 });
    expect(back.results[0]?.problem).toMatchObject({ status: 409, code: 'version-recalled' });
    await expect(
      publish(someParts({ course: 'recall', slot: 2, title: 'Bad 2', provenance: with3 })),
    ).rejects.toMatchObject({ code: 'recalled' });
    expect((await send('GET', 'recalls')).body.recalls[0]).toEqual(done);
    expect((await send('GET', `recalls/${String(done['id'])}`)).body).toEqual(done);
    expect(await eventsOf('recall')).toEqual(
      expect.arrayContaining([
        'content-unpublished.v1 prod recalled v1',
        'content-published.v1 dev rolled-back v1',
      ]),
    );
  });

  it.each([
    [{ row: 'wrapper=Slow News' }, { rows: ['wrapper=Slow News'] }],
    [{ model: 'openai/gpt' }, { models: ['openai/gpt'] }],
    [{ voice: 'polly/Lucia' }, { voices: ['polly/Lucia'] }],
    [{ evaluator: 'level@2' }, { evaluators: ['level@2'] }],
    [{ run: 'run-7' }, { run: 'run-7' }],
  ])('recalls by %j', async (input, part) => {
    const [kind] = Object.keys(input) as [string];
    const id = await publish(someParts({ course: `by-${kind}`, provenance: provenance(part) }));

    const { body } = await send('POST', 'recalls', { input, dryRun: true, environments: ['dev'] });

    expect(body.episodes.map((one) => one.id)).toEqual([id]);
  });

  it.each<[string, string, object, number, string]>([
    ['POST', 'episodes/actions', { action: 'unpublish' }, 422, 'episodes'],
    ['POST', 'episodes/actions', { action: 'promote', to: 'dev', where: {} }, 422, 'to'],
    ['POST', 'episodes/actions', { action: 'unpublish', version: 2, where: {} }, 422, 'version'],
    ['POST', 'episodes/actions', { action: 'explode', where: {} }, 400, 'action'],
    ['POST', 'episodes/actions', { action: 'unpublish', where: { colour: 'red' } }, 400, 'colour'],
    ['POST', 'recalls', { input: {}, dryRun: true }, 422, 'input'],
    ['POST', 'recalls', { input: { prompt: 'a@1', model: 'b' }, dryRun: true }, 422, 'input'],
    ['PATCH', `episodes/${uuidFrom('none')}`, { slot: -1 }, 400, 'slot'],
    ['PATCH', `episodes/${uuidFrom('none')}`, { slot: 1, title: 'Both' }, 422, 'slot'],
    ['PATCH', `episodes/${uuidFrom('none')}`, {}, 422, 'slot'],
    ['PATCH', `episodes/${uuidFrom('none')}`, { title: ' ' }, 422, 'title'],
    ['PATCH', `episodes/${uuidFrom('none')}`, { title: 'One', swap: true }, 422, 'swap'],
    ['POST', 'episodes/exports', {}, 422, 'episodes'],
  ])('%s %s %j is refused, and the field named', async (method, path, body, status, field) => {
    const answer = await send(method, path, body);

    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body['errors'])).toContain(field);
  });
});

function provenance(over: Partial<EpisodeProvenance>): EpisodeProvenance {
  const { provenance: some } = someParts({ course: 'x' });
  return { ...some, ...over };
}
