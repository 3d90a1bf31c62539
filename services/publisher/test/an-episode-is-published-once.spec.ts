import { contentPublishedV1, uuidFrom, type CloudEvent, type Episode } from '@duofactory/contracts';
import { LocalBus, Outbox, OutboxRelay } from '@duofactory/messaging';
import { FsObjectStore, type NamedObject, type PutCondition } from '@duofactory/objects';
import { SystemClock, Transactions } from '@duofactory/platform';
import { Received, quietLog, useDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EpisodeParts } from '../src/app/build-episode.js';
import type { CourseManifest } from '../src/app/course-manifest.js';
import { ReadCatalog } from '../src/app/read-catalog.js';
import { HeldStore } from './held-store.js';
import { someParts } from './some-parts.js';
import { catalogCases, publisherService } from '../src/publisher.module.js';

/** A store whose process dies after so many operations: before the operation, or right after it. */
class DyingStore extends FsObjectStore {
  constructor(
    folder: string,
    private left: number,
    private readonly after: boolean,
  ) {
    super(folder);
  }

  override putNamed(name: string, bytes: Uint8Array, type: string, condition?: PutCondition) {
    return this.#count(() => super.putNamed(name, bytes, type, condition));
  }

  override getNamed(name: string): Promise<NamedObject | undefined> {
    return this.#count(() => super.getNamed(name));
  }

  async #count<T>(operation: () => Promise<T>): Promise<T> {
    this.left -= 1;
    if (this.left < 0 && !this.after) throw new Error('killed');
    const result = await operation();
    if (this.left < 0) throw new Error('killed');
    return result;
  }
}

describe('an episode is published once', () => {
  const database = useDatabase('publisher', publisherService.migrations);
  const published = new Received<CloudEvent>();
  let folder: string;
  let objects: FsObjectStore;
  let transactions: Transactions;
  const bus = new LocalBus({ log: quietLog });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-publish-'));
    objects = new FsObjectStore(folder);
    await bus.subscribe({
      group: 'spec',
      topics: [contentPublishedV1.topic],
      each: async (event) => published.add(event),
    });
    await bus.start();
    const outbox = new Outbox();
    const relay = new OutboxRelay({ bus, outbox, sql: database.current, log: quietLog });
    transactions = new Transactions('publisher', database.current, outbox, relay, new SystemClock());
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const publish = (parts: EpisodeParts, task: string, store = objects) =>
    catalogCases({
      database: database.current,
      transactions,
      objects: store,
      clock: new SystemClock(),
    }).publish.execute(parts, {
      task: uuidFrom('task', task),
      run: uuidFrom('run', task),
    });
  const manifestOf = async (course: string): Promise<CourseManifest> => {
    const found = await objects.getNamed(`courses/dev/${course}/manifest.json`);
    return JSON.parse(Buffer.from(found!.bytes).toString()) as CourseManifest;
  };
  const eventsOf = (course: string): unknown[] =>
    published.items.map(({ data }) => data as { course: string }).filter((data) => data.course === course);
  const catalog = (): ReadCatalog => new ReadCatalog(database.current, objects);

  it('with the words that are heard, where a reviewer had a line spoken anew', async () => {
    const parts = someParts({ course: 'spoken-anew' });
    const { audio } = parts;
    const [first, second] = audio.lines;
    const corrected = { ...second!, text: 'Claro que sí.' };

    const { episode } = await publish(
      { ...parts, audio: { ...audio, lines: [first!, corrected] } },
      'spoken-anew',
    );

    const document = JSON.parse(Buffer.from(await catalog().document('dev', episode)).toString()) as Episode;
    expect(document.script.lines).toEqual([
      { speaker: 'Ana', text: 'Un café, por favor.' },
      { speaker: 'Leo', text: 'Claro que sí.' },
    ]);
  });

  it('with what its audio was found to be, in numbers', async () => {
    const parts = someParts({ course: 'measured' });
    const measures = {
      ...{ durationMs: 1900, encodedDurationMs: 1901, lines: 2, visemes: 2, longestSilenceMs: 500 },
      ...{ peakDb: -1.5, quietestLineDb: -21, loudestLineDb: -19.5, clippedSamples: 0 },
      ...{ fastestMsPerLetter: 70, slowestMsPerLetter: 90.5 },
    };
    const of = (over: object) => ({
      ...parts,
      audio: { ...parts.audio, measures: { ...measures, ...over } },
    });

    const { episode } = await publish(of({}), 'measured');

    const document = JSON.parse(Buffer.from(await catalog().document('dev', episode)).toString()) as Episode;
    expect(document.provenance.audio).toEqual(measures);
    await expect(publish(of({ visemes: -1 }), 'measured badly')).rejects.toThrow('provenance.audio.visemes');
  });

  it('as its file, in its course, in the catalog and by an event', async () => {
    const parts = someParts({ course: 'once' });

    const result = await publish(parts, 'once');

    expect(result).toMatchObject({ version: 1, course: 'once', node: 'cafe', slot: 1, unchanged: false });
    const document = JSON.parse(
      Buffer.from(await catalog().document('dev', result.episode)).toString(),
    ) as Episode;
    expect(document).toMatchObject({
      schemaVersion: 1,
      id: result.episode,
      version: 1,
      course: { id: 'once', from: 'en', to: 'es' },
      title: 'Un café',
      provenance: { offline: true },
    });
    expect((await manifestOf('once')).episodes).toEqual([
      expect.objectContaining({ id: result.episode, version: 1, node: 'cafe', slot: 1 }),
    ]);
    const { episodes } = await catalog().episodes({ environment: 'dev', course: 'once' }, { limit: 10 });
    expect(episodes).toEqual([
      expect.objectContaining({ id: result.episode, version: 1, status: 'published', title: 'Un café' }),
    ]);
    await published.until(1);
    expect(eventsOf('once')).toEqual([
      expect.objectContaining({ episode: result.episode, version: 1, environment: 'dev' }),
    ]);
  });

  it('again by the same task: the same answer; by another with the same content: unchanged; changed: the next version', async () => {
    const parts = someParts({ course: 'again' });

    const first = await publish(parts, 'again');
    const same = await publish(parts, 'again');
    const other = await publish({ ...parts, provenance: { ...parts.provenance, run: 'another' } }, 'again 2');
    const changed = await publish({ ...parts, title: 'Dos cafés' }, 'again 3');

    expect(same).toEqual(first);
    expect(other).toEqual({ ...first, unchanged: true });
    expect(changed).toMatchObject({ episode: first.episode, version: 2, unchanged: false });
    expect((await manifestOf('again')).episodes).toEqual([
      expect.objectContaining({ version: 2, title: 'Dos cafés' }),
    ]);
    expect(await catalog().show('dev', first.episode)).toMatchObject({ version: 2, title: 'Dos cafés' });
    const versions = await catalog().versions('dev', first.episode);
    expect(versions.map(({ version, state }) => [version, state])).toEqual([
      [2, 'published'],
      [1, 'published'],
    ]);
    for (const { object } of versions) expect(await objects.getNamed(object)).toBeDefined();
    expect(eventsOf('again')).toHaveLength(2);
  });

  it('under a number of its own where the store has versions that the catalog has forgotten', async () => {
    const parts = someParts({ course: 'restored' });
    const changed = { ...parts, title: 'Dos cafés' };
    const [first, second] = [await publish(parts, 'restored 1'), await publish(changed, 'restored 2')];
    const documentOf = async (version: number): Promise<Episode> => {
      const name = `episodes/dev/restored/cafe/${first.episode}/v${version}/episode.json`;
      return JSON.parse(Buffer.from((await objects.getNamed(name))!.bytes).toString()) as Episode;
    };
    // As after a restore of the database to a time before them.
    for (const table of ['episode_versions', 'episodes'])
      await database.current.query({
        text: `delete from ${table} where environment = 'dev' and ${table === 'episodes' ? 'id' : 'episode'} = $1`,
        values: [first.episode],
      });

    const other = await publish({ ...parts, title: 'Tres cafés' }, 'restored 3');
    const again = await publish({ ...parts, title: 'Tres cafés' }, 'restored 3');

    expect([first.version, second.version, other.version, again.version]).toEqual([1, 2, 3, 3]);
    expect((await manifestOf('restored')).episodes).toMatchObject([{ version: 3, title: 'Tres cafés' }]);
    expect((await documentOf(3)).title).toBe('Tres cafés');
    expect((await documentOf(1)).title).toBe(parts.title);
    const { rows } = await database.current.query({
      text: `select version from episode_versions where episode = $1`,
      values: [first.episode],
    });
    expect(rows).toEqual([{ version: 3 }]);
  });

  it('with twenty others of its course at once: none is lost', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => publish(someParts({ course: 'many', slot: i }), `many ${i}`)),
    );

    const { episodes } = await manifestOf('many');
    expect(episodes.map(({ slot }) => slot)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(new Set(results.map(({ episode }) => episode)).size).toBe(20);
  });

  it('by two with different content at once: two versions, and the higher one is current everywhere', async () => {
    const parts = someParts({ course: 'race' });

    const [left, right] = await Promise.all([
      publish({ ...parts, title: 'Left' }, 'left'),
      publish({ ...parts, title: 'Right' }, 'right'),
    ]);

    expect([left.version, right.version].sort()).toEqual([1, 2]);
    const current = left.version === 2 ? 'Left' : 'Right';
    expect((await manifestOf('race')).episodes).toEqual([
      expect.objectContaining({ version: 2, title: current }),
    ]);
    expect(await catalog().show('dev', left.episode)).toMatchObject({ version: 2, title: current });
  });

  it('by one that is slower than the next version: readers keep the newer one', async () => {
    const parts = someParts({ course: 'overtaken' });
    const slow = new HeldStore(folder, '/v1/');
    const first = publish({ ...parts, title: 'Older' }, 'older', slow);
    await slow.reached;
    const { episode } = await publish({ ...parts, title: 'Newer' }, 'newer');

    slow.letGo();
    await first;

    expect((await manifestOf('overtaken')).episodes).toEqual([
      expect.objectContaining({ version: 2, title: 'Newer' }),
    ]);
    expect(await catalog().show('dev', episode)).toMatchObject({ version: 2, title: 'Newer' });
    const { rows } = await database.current.query({
      text: `select version, state from episode_versions where episode = $1 order by version`,
      values: [episode],
    });
    expect(rows).toEqual([
      { version: 1, state: 'superseded' },
      { version: 2, state: 'published' },
    ]);
  });

  const deaths = [0, 1, 2].flatMap((operations) => [false, true].map((after) => ({ operations, after })));
  it.each(deaths)(
    'although its process dies at operation $operations (after it: $after)',
    async ({ operations, after }) => {
      const course = `death-${operations}-${after}`;
      const parts = someParts({ course });

      await expect(publish(parts, course, new DyingStore(folder, operations, after))).rejects.toThrow(
        'killed',
      );
      // What a reader finds at that moment is whole.
      const found = await objects.getNamed(`courses/dev/${course}/manifest.json`);
      for (const { object } of found ? (await manifestOf(course)).episodes : [])
        expect(await objects.getNamed(object)).toBeDefined();
      const again = await publish(parts, course);

      expect(again).toMatchObject({ version: 1, unchanged: false });
      expect((await manifestOf(course)).episodes).toHaveLength(1);
      expect(await catalog().versions('dev', again.episode)).toHaveLength(1);
      expect(eventsOf(course)).toHaveLength(1);
    },
  );

  it.each<[string, (parts: EpisodeParts) => EpisodeParts, string]>([
    ['a line that is not there', (parts) => withExercise(parts, { line: 9 }), 'exercises.0.line is 9'],
    [
      'an answer that is no option',
      (parts) => withExercise(parts, { answer: 'té' }),
      'exercises.0.answer "té"',
    ],
    ['a missing spoken line', (parts) => ({ ...parts, audio: { ...parts.audio, lines: [] } }), 'lines'],
    ['an empty title', (parts) => ({ ...parts, title: '' }), 'title'],
    ['a score above 1', (parts) => ({ ...parts, viability: 1.5 }), 'viability'],
  ])('not with %s', async (_name, spoil, words) => {
    const refused = publish(spoil(someParts({ course: 'refused' })), `refused ${words}`);

    await expect(refused).rejects.toMatchObject({ code: 'invalid-episode', retryable: false });
    await expect(refused).rejects.toThrow(words);
    expect(await objects.getNamed('courses/dev/refused/manifest.json')).toBeUndefined();
  });
});

function withExercise(parts: EpisodeParts, over: Partial<EpisodeParts['exercises'][number]>): EpisodeParts {
  return { ...parts, exercises: [{ ...parts.exercises[0]!, ...over }] };
}
