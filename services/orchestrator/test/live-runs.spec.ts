import { contentPublishedV1, contentUnpublishedV1, uuidFrom } from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { ManualClock, type Database } from '@duofactory/platform';
import { Received, quietLog, startForTest, useDatabase, useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { FollowRuns } from '../src/app/history/follow-runs.js';
import { ORCHESTRATOR_MIGRATIONS, orchestratorService } from '../src/orchestrator.module.js';
import { aRunOnStage } from './on-stage.js';

interface Told {
  readonly id: string;
  readonly event: string;
  readonly data: { run: string; status: string; ended: boolean; blocks: { block: string }[] };
}

/** Waits for a person: it goes on until it is told otherwise. */
const definition = { kind: 'workflow', id: 'asks', blocks: [{ id: 'ok', type: 'review', needs: [] }] };

describe('one stream tells of many runs', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let orchestrator: { url: string; stop(): Promise<void> };

  const post = async (path: string, body: unknown): Promise<{ id: string }> => {
    const response = await fetch(`${orchestrator.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.ok).toBe(true);
    return (await response.json()) as { id: string };
  };
  const aRun = (): Promise<{ id: string }> => post('/api/runs', { workflow: 'asks' });

  /** A stream and what it tells, until `enough`. */
  const listen = async (
    runs: readonly string[],
    enough: (told: readonly Told[]) => boolean,
    { after, meanwhile }: { after?: string; meanwhile?: () => Promise<unknown> } = {},
  ): Promise<Told[]> => {
    const end = new AbortController();
    const { body } = await fetch(`${orchestrator.url}/api/runs/events?runs=${runs.join(',')}`, {
      headers: after === undefined ? {} : { 'last-event-id': after },
      signal: end.signal,
    });
    const told: Told[] = [];
    let rest = '';
    let begun = false;
    for await (const text of body!.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split('\n\n');
      rest = parts.pop()!;
      // Signs of life have no place.
      for (const part of parts.filter((one) => one.startsWith('id: '))) {
        const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(part)![1]!;
        told.push({
          id: field('id'),
          event: field('event'),
          data: JSON.parse(field('data')) as Told['data'],
        });
      }
      if (enough(told)) break;
      if (!begun && meanwhile) await meanwhile();
      begun = true;
    }
    end.abort();
    return told;
  };

  beforeAll(async () => {
    const service = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    await bus.start();
    orchestrator = service;
    await post('/api/workflows/asks/versions', { definition });
  });

  afterAll(async () => {
    await orchestrator.stop();
    await bus.stop();
  });

  it('tells the state of each at once, then what changes', async () => {
    const [first, second] = [await aRun(), await aRun()];

    const told = await listen(
      [first.id, second.id],
      (all) => all.some(({ data }) => data.run === second.id && data.status === 'paused'),
      { meanwhile: () => post(`/api/runs/${second.id}/pause`, {}) },
    );

    expect(new Set(told.map(({ data }) => data.run))).toEqual(new Set([first.id, second.id]));
    expect(told[0]!.data.blocks.map(({ block }) => block)).toEqual(['ok']);
    expect(told.filter(({ data }) => data.run === second.id).at(-1)!.data.status).toBe('paused');
  });

  it('goes on after a break with what changed since, and with that alone', async () => {
    const [first, second] = [await aRun(), await aRun()];
    const runs = [first.id, second.id];
    // At rest, so that nothing but the first run changes.
    await post(`/api/runs/${second.id}/pause`, {});
    const before = await listen(runs, (all) => new Set(all.map(({ data }) => data.run)).size === 2);
    await post(`/api/runs/${first.id}/pause`, {});

    const isPaused = (all: readonly Told[]): boolean => all.at(-1)!.data.status === 'paused';
    const since = await listen(runs, isPaused, { after: before.at(-1)!.id });

    expect(since.every(({ data }) => data.run === first.id)).toBe(true);
  });

  it('tells which courses have other episodes, once for many of them', async () => {
    const content = (type: string, slot: number, more: object) => ({
      topic: contentPublishedV1.topic,
      key: `episode-${slot}`,
      event: {
        ...{ id: `${type}-${slot}`, source: '/duofactory/publisher', type, time: new Date().toISOString() },
        data: {
          ...{ episode: uuidFrom('episode', slot), version: 1, environment: 'dev', course: 'en-es' },
          ...{ node: 'cafe', slot, ...more },
        },
      },
    });

    const watched = await aRun();
    const told = await listen([watched.id], (all) => all.some(({ event }) => event === 'catalog'), {
      meanwhile: () =>
        bus.publish([
          content(contentPublishedV1.type, 1, { url: 'file:///1' }),
          content(contentPublishedV1.type, 2, { url: 'file:///2' }),
          content(contentUnpublishedV1.type, 3, { course: 'fr-en', change: 'unpublished' }),
        ]),
    });

    expect(told.at(-1)).toMatchObject({
      event: 'catalog',
      data: {
        courses: [
          { environment: 'dev', course: 'en-es' },
          { environment: 'dev', course: 'fr-en' },
        ],
      },
    });
  });

  it('tells that a run began', async () => {
    const watched = await aRun();
    let begun = '';

    const told = await listen([watched.id], (all) => all.some(({ event }) => event === 'started'), {
      meanwhile: async () => {
        begun = (await aRun()).id;
      },
    });

    expect(told.find(({ event }) => event === 'started')!.data.run).toBe(begun);
  });

  it('refuses what is no id of a run', async () => {
    const response = await fetch(`${orchestrator.url}/api/runs/events?runs=all`);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field: 'runs' }] });
  });

  it('counts what goes on and what ended', async () => {
    const counts = (await (await fetch(`${orchestrator.url}/api/runs/counts`)).json()) as Record<
      string,
      number
    >;

    expect(counts).toEqual({ active: 7, completed: 0, partial: 0, failed: 0, cancelled: 0, reviews: 7 });
    const since = encodeURIComponent(new Date(Date.now() + 60_000).toISOString());
    const later = (await (
      await fetch(`${orchestrator.url}/api/runs/counts?since=${since}`)
    ).json()) as object;
    expect(later).toMatchObject({ active: 7 });
  });
});

describe('what looks after runs that are watched', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  it('looks four times a second, once for all of them, and never when nobody watches', async () => {
    const clock = new ManualClock();
    const { stage, run, close } = await aRunOnStage(database.current, [{ id: 'brief', type: 'rows' }]);
    const { id: other } = await stage.parts.start.execute({ workflow: 'staged', inputs: {} });
    let looks = 0;
    const counted = Object.assign(Object.create(database.current) as Database, {
      query: (statement: Parameters<Database['query']>[0]) => {
        looks += 1;
        return database.current.query(statement);
      },
    });
    const follow = new FollowRuns(counted, clock);
    const told = new Received<string>();
    /** Whatever a timer set off has asked the database by then. */
    const turn = async (ms: number): Promise<number> => {
      clock.advance(ms);
      await setImmediate();
      return looks;
    };

    const stops = [run, other].map((one) => follow.listen(one, ({ id }) => told.add(id)));
    // The first look came before the second listener.
    await told.until(1);

    expect(await turn(249)).toBe(1);
    expect(await turn(1)).toBe(2);
    expect((await told.until(3)).slice(1).sort()).toEqual([run, other].sort());
    for (const stop of stops) stop();
    expect(await turn(60_000)).toBe(2);
    await close();
  });
});
