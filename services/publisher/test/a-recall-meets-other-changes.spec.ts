import { uuidFrom, type EpisodeProvenance, type PublishResult } from '@duofactory/contracts';
import { LocalBus, Outbox, OutboxRelay } from '@duofactory/messaging';
import { FsObjectStore } from '@duofactory/objects';
import { SystemClock, Transactions } from '@duofactory/platform';
import { behindALock, quietLog, useDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CourseManifest } from '../src/app/course-manifest.js';
import type { RecallQuestion } from '../src/app/recall-episodes.js';
import { catalogCases, publisherService, type CatalogCases } from '../src/publisher.module.js';
import { HeldStore } from './held-store.js';
import { someParts } from './some-parts.js';

describe('a recall meets other changes', () => {
  const database = useDatabase('publisher', publisherService.migrations);
  const bus = new LocalBus({ log: quietLog });
  let folder: string;
  let cases: (objects?: FsObjectStore) => CatalogCases;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-recall-'));
    await bus.start();
    const clock = new SystemClock();
    const outbox = new Outbox();
    const relay = new OutboxRelay({ bus, outbox, sql: database.current, log: quietLog });
    const transactions = new Transactions('publisher', database.current, outbox, relay, clock);
    cases = (objects = new FsObjectStore(folder)) =>
      catalogCases({ database: database.current, transactions, objects, clock });
  });
  afterAll(async () => {
    await bus.drain();
    await bus.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const publish = (
    course: string,
    title: string,
    prompt: string,
    objects?: FsObjectStore,
  ): Promise<PublishResult> => {
    const provenance: EpisodeProvenance = { ...someParts({ course }).provenance, prompts: [prompt] };
    return cases(objects).publish.execute(someParts({ course, title, provenance }), {
      ...{ task: uuidFrom('task', course, title), run: uuidFrom('run', course) },
    });
  };
  const asked = (prompt: string, remedy: RecallQuestion['remedy'] = 'unpublish'): RecallQuestion => ({
    ...{ input: { prompt }, environments: ['dev'], remedy },
  });
  const recall = (question: RecallQuestion, seal: string) =>
    cases().recalls.execute(question, { seal, reason: 'says "vos"', by: 'ana' });
  const rollBack = (episode: string, version: number) =>
    cases().actions.execute('dev', [episode], { action: 'rollback', version }, 'ana');
  const manifestOf = async (course: string): Promise<CourseManifest> => {
    const found = await new FsObjectStore(folder).getNamed(`courses/dev/${course}/manifest.json`);
    return JSON.parse(Buffer.from(found!.bytes).toString()) as CourseManifest;
  };
  const readersHave = async (course: string): Promise<string[]> =>
    (await manifestOf(course)).episodes.map(({ title, version }) => `${title} v${version}`);
  /** Waits for its course, and locks it. */
  const lockOf = (course: string): string =>
    `SELECT 1 FROM courses WHERE environment = 'dev' AND id = '${course}' FOR UPDATE`;

  it('that gave readers another version: it is refused, and they keep what they have', async () => {
    await publish('first', 'Bad', 'first@1');
    const question = asked('first@1');
    const { seal } = await cases().recalls.forecast(question);
    const store = new HeldStore(folder, '/v2/');
    const clean = publish('first', 'Good', 'first@2', store);
    await store.reached;

    const [, refusal] = await behindALock<unknown>(database.current, lockOf('first'), [
      () => (store.letGo(), clean),
      () => recall(question, seal).catch((error: unknown) => error),
    ]);

    expect(refusal).toMatchObject({ status: 412, code: 'seal-broken' });
    expect(await readersHave('first')).toEqual(['Good v2']);
    const again = await cases().recalls.forecast(question);
    expect([again.episodes, again.earlierVersions]).toEqual([[], 1]);
    await recall(question, again.seal);
    expect(await readersHave('first')).toEqual(['Good v2']);
  });

  it('that come after it: readers have the clean version', async () => {
    await publish('second', 'Bad', 'second@1');
    const question = asked('second@1');
    const { seal } = await cases().recalls.forecast(question);
    const store = new HeldStore(folder, '/v2/');
    const clean = publish('second', 'Good', 'second@2', store);
    await store.reached;

    await behindALock<unknown>(database.current, lockOf('second'), [
      () => recall(question, seal),
      () => (store.letGo(), clean),
    ]);

    expect(await readersHave('second')).toEqual(['Good v2']);
  });

  it('that were about to publish what it takes back: readers never have it', async () => {
    await publish('under-way', 'Good', 'under-way@2');
    const store = new HeldStore(folder, '/v2/');
    const bad = publish('under-way', 'Bad', 'under-way@1', store);
    await store.reached;
    const question = asked('under-way@1');
    const { seal } = await cases().recalls.forecast(question);
    await recall(question, seal);

    store.letGo();

    await expect(bad).rejects.toMatchObject({ code: 'recalled', retryable: false });
    expect(await readersHave('under-way')).toEqual(['Good v1']);
  });

  it('that were about to roll back to what it takes back: they are refused', async () => {
    const { episode } = await publish('back', 'Bad', 'back@1');
    await publish('back', 'Good', 'back@2');
    const question = asked('back@1');
    const { seal } = await cases().recalls.forecast(question);

    const [, refused] = await behindALock<unknown>(database.current, lockOf('back'), [
      () => recall(question, seal),
      () => rollBack(episode, 1),
    ]);

    expect(refused).toMatchObject([
      { outcome: 'refused', problem: { status: 409, code: 'version-recalled' } },
    ]);
    expect(await readersHave('back')).toEqual(['Good v2']);
  });

  it('that rolled back since it was forecast: it is refused, though it is of the same versions', async () => {
    const { episode } = await publish('since', 'Bad', 'since@1');
    await publish('since', 'Good', 'since@2');
    const question = asked('since@1');
    const { seal, episodes } = await cases().recalls.forecast(question);
    await rollBack(episode, 1);

    const refused = recall(question, seal);

    expect(episodes).toEqual([]);
    await expect(refused).rejects.toMatchObject({ status: 412, code: 'seal-broken' });
    expect(await readersHave('since')).toEqual(['Bad v1']);
  });

  it('that took the version which readers were to get: it is refused', async () => {
    await publish('then', 'Good', 'then@1');
    await publish('then', 'Better', 'then@2');
    await publish('then', 'Bad', 'then@3');
    const question = asked('then@3', 'rollback');
    const { seal, episodes } = await cases().recalls.forecast(question);
    const other = asked('then@2');
    await recall(other, (await cases().recalls.forecast(other)).seal);

    const refused = recall(question, seal);

    expect(episodes).toMatchObject([{ version: 3, then: 2 }]);
    await expect(refused).rejects.toMatchObject({ status: 412, code: 'seal-broken' });
    const again = await cases().recalls.forecast(question);
    await recall(question, again.seal);
    expect(await readersHave('then')).toEqual(['Good v1']);
  });

  it('that were about to roll back to a copy of what it takes back: they are refused', async () => {
    const { episode } = await publish('copied', 'Bad', 'copied@1');
    await publish('copied', 'Good', 'copied@2');
    await cases().move.execute('dev', episode, { slot: 3, swap: false, by: 'ana' });
    const store = new HeldStore(folder, '/v1/');
    const rollingBack = cases(store).actions.execute(
      ...(['dev', [episode], { action: 'rollback', version: 1 }, 'ana'] as const),
    );
    await store.reached;
    const question = asked('copied@1');
    await recall(question, (await cases().recalls.forecast(question)).seal);

    store.letGo();

    expect(await rollingBack).toMatchObject([{ outcome: 'refused', problem: { status: 409 } }]);
    expect(await readersHave('copied')).toEqual(['Good v3']);
  });

  it('that were about to rename what it takes back: nothing is left to publish', async () => {
    const { episode } = await publish('left', 'Bad', 'left@1');
    const store = new HeldStore(folder, '/v1/');
    const renaming = cases(store).rename.execute('dev', episode, { title: 'Fine', by: 'ana' });
    await store.reached;
    const question = asked('left@1');
    await recall(question, (await cases().recalls.forecast(question)).seal);

    store.letGo();

    await expect(renaming).rejects.toMatchObject({ status: 409 });
    const published = await cases().actions.execute('dev', [episode], { action: 'publish' }, 'ana');
    expect(published).toMatchObject([{ outcome: 'refused', problem: { code: 'no-version' } }]);
    expect(await readersHave('left')).toEqual([]);
  });

  it('that were about to promote what it takes back: no environment gets it', async () => {
    const { episode } = await publish('upwards', 'Bad', 'upwards@1');
    const store = new HeldStore(folder, '/v1/');
    const promoting = cases(store).actions.execute(
      ...(['dev', [episode], { action: 'promote', to: 'prod' }, 'ana'] as const),
    );
    await store.reached;
    const question = { ...asked('upwards@1'), environments: ['dev', 'prod'] };
    await recall(question, (await cases().recalls.forecast(question)).seal);

    store.letGo();

    expect(await promoting).toMatchObject([{ outcome: 'refused', problem: { status: 409 } }]);
    expect(await new FsObjectStore(folder).getNamed('courses/prod/upwards/manifest.json')).toBeUndefined();
  });

  it('that moved it since: the version that readers get instead lies where the episode lies now', async () => {
    await publish('placed', 'Good', 'placed@1');
    const { episode } = await publish('placed', 'Bad', 'placed@2');
    await cases().move.execute('dev', episode, { slot: 3, swap: false, by: 'ana' });
    const question = asked('placed@2', 'rollback');
    const { seal, episodes } = await cases().recalls.forecast(question);

    await recall(question, seal);

    expect(episodes).toMatchObject([{ version: 3, then: 1 }]);
    const [entry] = (await manifestOf('placed')).episodes;
    const document = await new FsObjectStore(folder).getNamed(entry!.object);
    expect(entry).toMatchObject({ title: 'Good', version: 4, slot: 3 });
    expect(JSON.parse(Buffer.from(document!.bytes).toString())).toMatchObject({ title: 'Good', slot: 3 });
  });
});
