import { FakeSheets, useEmptyDatabase } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../src/client/api.js';
import { sources } from '../src/commands/sources.js';
import { startHost, type Host } from '../src/host/start-host.js';
import { written } from './command-line.js';
import { publishOnceKnown } from './publish-once-known.js';

const lesson = {
  ...{ kind: 'workflow', id: 'lesson', inputs: { topic: { type: 'string' }, words: { type: 'number' } } },
  blocks: [{ id: 'said', type: 'transform', needs: [], with: { expression: "{ 'text': topic }" } }],
};
const HEAD = ['id', 'topic', 'words'];

describe('a watched sheet', () => {
  const database = useEmptyDatabase();
  let folder: string;
  let google: FakeSheets;
  let host: Host;
  let api: Api;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-watched-'));
    google = await FakeSheets.start();
    const keyFile = join(folder, 'key.json');
    await writeFile(keyFile, JSON.stringify(google.credentials()));
    host = await startHost({
      DUOFACTORY_DATABASE_URL: database.url,
      DUOFACTORY_DATA_DIR: folder,
      DUOFACTORY_HTTP_PORT: '0',
      DUOFACTORY_LOG_LEVEL: 'fatal',
      DUOFACTORY_SHEETS: 'google',
      DUOFACTORY_SHEETS_ROOT_URL: google.url,
      DUOFACTORY_SHEETS_PER_MINUTE: '100000',
      GOOGLE_APPLICATION_CREDENTIALS: keyFile,
    });
    api = new Api(host.url);
    await publishOnceKnown(host.url, lesson);
  }, 600_000);

  afterAll(async () => {
    await host?.stop();
    await google?.stop();
    await rm(folder, { recursive: true, force: true });
  }, 600_000);

  const command = (...args: string[]): Promise<string> => written(sources, [...args, '--url', host.url]);
  const fill = (sheet: string, ...rows: (string | number)[][]): void =>
    google.put(sheet, 'Plan', [HEAD, ...rows]);
  const watch = (table: string, ...args: string[]): Promise<string> =>
    command(
      ...['watch', table, '--workflow', 'lesson', '--key', 'id', '--every', '1'],
      ...['-i', 'topic={{row.topic}}', '-i', 'words={{row.words}}', ...args],
    );
  const begun = async (): Promise<{ inputs: { topic: string; words: number } }[]> =>
    (
      await api.get<{ runs: { inputs: { topic: string; words: number } }[] }>(
        '/api/runs?workflow=lesson&limit=200',
      )
    ).runs;
  const topics = async (): Promise<string[]> => (await begun()).map(({ inputs }) => inputs.topic).sort();
  const topicsOnce = (wanted: readonly string[]): Promise<void> =>
    until(async () => {
      const known = await topics();
      return wanted.every((one) => known.includes(one));
    });

  it('is read by the clock, and each changed row is an input of a run, once', async () => {
    fill('plan', ['a', 'Coffee', 3], ['b', 'Trains', 4], ['c', 'Rain', 5]);
    await command('set', 'plan', '--spreadsheet', 'plan', '--tab', 'Plan', '--type', 'words=number');
    const first = await command('sync', 'plan');
    // Moved, changed, added, and one removed.
    fill('plan', ['d', 'Music', 6], ['b', 'Night trains', 4], ['a', 'Coffee', 3]);

    const set = await watch('plan');
    await topicsOnce(['Music', 'Night trains']);
    const changes = await command('changes', 'plan', '--key', 'id');
    const again = await command('sync', 'plan');
    fill('plan', ['d', 'Music', 6], ['b', 'Night trains', 9], ['a', 'Coffee', 3]);
    const sync = (): Promise<{ runs: number }> => api.post('/api/sources/plan/sync');
    const together = await Promise.all([sync(), sync()]);

    expect(first).toBe('plan@1: 3 rows, changed\n');
    expect(set).toContain('each changed row starts lesson, every 1 min, next ');
    expect(changes).toMatch(/added +d +1/);
    expect(changes).toMatch(/changed +b +2 +topic/);
    expect(changes).toContain('version 2: 1 added, 1 changed, 1 removed');
    expect(again).toBe('plan@2: 3 rows, as before, 0 runs asked for\n');
    expect(together.map(({ runs }) => runs).sort()).toEqual([0, 1]);
    await until(async () => (await begun()).some(({ inputs }) => inputs.words === 9));
    expect(await topics()).toEqual(['Music', 'Night trains', 'Night trains']);
    expect(await command('watch', 'plan')).toContain('last time: ');
  });

  it('starts nothing when too much changed at once, and says so, until it may', async () => {
    fill('many', ['a', 'One', 1]);
    await command('set', 'many', '--spreadsheet', 'many', '--tab', 'Plan', '--type', 'words=number');
    await command('sync', 'many');
    await watch('many', '--most-runs', '1');
    fill('many', ['a', 'Uno', 1], ['b', 'Dos', 2]);

    const refused = await command('sync', 'many');
    const told = await api.get<{ error: string; seenVersion: number }>('/api/sources/many/watch');
    await watch('many', '--most-runs', '2');
    await topicsOnce(['Uno', 'Dos']);

    expect(refused).toContain('0 runs asked for');
    expect(told).toMatchObject({ seenVersion: 1, error: expect.stringContaining('"mostRuns"') });
    await until(
      async () => (await api.get<{ seenVersion: number }>('/api/sources/many/watch')).seenVersion === 2,
    );
    expect(await api.get('/api/sources/many/watch')).toMatchObject({
      seenVersion: 2,
      lastRuns: 2,
      error: null,
    });
  });

  it('begins from what its table has when it is set again, after too much changed at once', async () => {
    fill('flood', ['a', 'Rain', 1], ['b', 'Wind', 2]);
    await command('set', 'flood', '--spreadsheet', 'flood', '--tab', 'Plan', '--type', 'words=number');
    await command('sync', 'flood');
    await watch('flood', '--most-runs', '1');
    fill('flood', ['a', 'Heavy rain', 1], ['b', 'Storm', 2]);
    await command('sync', 'flood');
    const refused = await api.get('/api/sources/flood/watch');

    await watch('flood', '--most-runs', '1');
    const again = await api.get('/api/sources/flood/watch');
    fill('flood', ['a', 'Heavy rain', 1], ['b', 'Calm', 2]);
    await command('sync', 'flood');

    expect(refused).toMatchObject({
      seenVersion: 1,
      error: expect.stringContaining('set it again as it is'),
    });
    expect(again).toMatchObject({ seenVersion: 2, error: null });
    await topicsOnce(['Calm']);
    expect(await topics()).not.toContain('Storm');
  });

  interface Refused {
    refused: {
      count: number;
      rows: { row: string; code: string; message: string; refusedAt: string }[];
    };
  }
  const refusedOf = async (table: string): Promise<Refused['refused']> =>
    (await api.get<Refused>(`/api/sources/${table}/watch`)).refused;
  const untilRefused = (table: string, count: number): Promise<void> =>
    until(async () => (await refusedOf(table)).count === count);

  it('tells which row the workflow refused and why, holds up no other, and starts it once it fits', async () => {
    fill('odd', ['a', 'Stars', 1]);
    await command('set', 'odd', '--spreadsheet', 'odd', '--tab', 'Plan');
    await command('sync', 'odd');
    await watch('odd');
    fill('odd', ['a', 'Stars', 1], ['b', 'Moon', 'two'], ['c', 'Sun', 3]);

    await command('sync', 'odd');
    await topicsOnce(['Sun']);
    await untilRefused('odd', 1);
    const told = await refusedOf('odd');
    const shown = await command('watch', 'odd');
    await command('sync', 'odd');
    fill('odd', ['c', 'Sun', 3], ['b', 'Moon', 2], ['a', 'Stars', 1]);
    await command('sync', 'odd');
    await topicsOnce(['Moon']);

    expect(told.rows).toEqual([
      {
        ...{ row: 'b', ordinal: 2, version: 2, change: 'added', code: 'invalid-inputs' },
        ...{ message: 'inputs.words: Must be a number', refusedAt: expect.any(String) },
      },
    ]);
    expect(shown).toMatch(/b +2 +inputs\.words: Must be a number/);
    expect(await refusedOf('odd')).toEqual({ count: 0, rows: [] });
    expect((await topics()).filter((one) => one === 'Sun' || one === 'Stars')).toEqual(['Sun']);
  });

  it('starts refused rows when their workflow is published anew, when it is set again, and by command, once', async () => {
    const talk = (type: string) => ({
      ...{ kind: 'workflow', id: 'talk', inputs: { topic: { type: 'string' }, words: { type } } },
      blocks: lesson.blocks,
    });
    const talks = async (): Promise<string[]> => {
      const { runs } = await api.get<{ runs: { inputs: { topic: string } }[] }>(
        '/api/runs?workflow=talk&limit=200',
      );
      return runs.map(({ inputs }) => inputs.topic).sort();
    };
    const talksOnce = (...wanted: string[]): Promise<void> =>
      until(async () => (await talks()).join() === wanted.join());
    const set = (words: string): Promise<string> =>
      command(
        ...['watch', 'talks', '--workflow', 'talk', '--key', 'id'],
        ...['-i', 'topic={{row.topic}}', '-i', `words=${words}`],
      );
    await publishOnceKnown(host.url, talk('number'));
    fill('talks', ['a', 'Bread', 1]);
    await command('set', 'talks', '--spreadsheet', 'talks', '--tab', 'Plan');
    await command('sync', 'talks');
    await set('{{row.words}}');
    fill('talks', ['a', 'Bread', 'one'], ['b', 'Cheese', 'two']);
    await command('sync', 'talks');
    await untilRefused('talks', 2);

    const again = await command('retry', 'talks');
    await untilRefused('talks', 2);
    await publishOnceKnown(host.url, talk('string'));
    await command('sync', 'talks');
    await talksOnce('Bread', 'Cheese');
    await publishOnceKnown(host.url, talk('number'));
    fill('talks', ['a', 'Bread', 'one'], ['b', 'Cheese', 'two'], ['c', 'Salt', 'three']);
    await command('sync', 'talks');
    await untilRefused('talks', 1);
    await set('3');
    await talksOnce('Bread', 'Cheese', 'Salt');

    expect(again).toBe('2 runs asked for again\n');
    expect(await refusedOf('talks')).toEqual({ count: 0, rows: [] });
    expect(await command('retry', 'talks')).toBe('0 runs asked for again\n');
  });

  it('forgets a refused row that the table has no more', async () => {
    fill('gone', ['a', 'Clouds', 1]);
    await command('set', 'gone', '--spreadsheet', 'gone', '--tab', 'Plan');
    await command('sync', 'gone');
    await watch('gone');
    fill('gone', ['a', 'Clouds', 1], ['b', 'Fog', 'two']);
    await command('sync', 'gone');
    await untilRefused('gone', 1);

    fill('gone', ['a', 'Clouds', 1]);
    await command('sync', 'gone');

    expect(await refusedOf('gone')).toEqual({ count: 0, rows: [] });
    await expect(command('retry', 'nothing')).rejects.toMatchObject({ code: 'unknown-watch' });
  });

  it('keeps why it cannot be read, and goes on once it can', async () => {
    fill('twins', ['a', 'Left', 1], ['b', 'Right', 2]);
    await command('set', 'twins', '--spreadsheet', 'twins', '--tab', 'Plan', '--type', 'words=number');
    await command('sync', 'twins');
    await watch('twins');
    fill('twins', ['a', 'Left', 1], ['a', 'Again', 2]);
    await command('sync', 'twins');
    const doubled = await api.get('/api/sources/twins/watch');
    google.put('twins', 'Plan', [HEAD, ['a', 'Left', 'much']]);
    await expect(command('sync', 'twins')).rejects.toMatchObject({ code: 'invalid-cell' });
    fill('twins', ['a', 'Left', 1], ['b', 'Right again', 2]);
    await command('sync', 'twins');

    expect(doubled).toMatchObject({
      error: expect.stringContaining('have the same "id": "a"'),
      seenVersion: 1,
    });
    await topicsOnce(['Right again']);
    expect(await topics()).not.toContain('Again');
    expect(await command('unwatch', 'twins')).toBe('twins is watched no more\n');
    await expect(command('watch', 'twins')).rejects.toMatchObject({ code: 'unknown-watch' });
  });

  it.each<[string, object, string]>([
    ['a workflow that is not there', { workflow: 'lessson' }, 'workflow'],
    ['an input that it has not', { inputs: { topic: '{{row.topic}}', words: 1, more: 1 } }, 'inputs.more'],
    ['an input that is missing', { inputs: { topic: '{{row.topic}}' } }, 'inputs.words'],
    ['a column that is not there', { inputs: { topic: '{{row.tpic}}', words: 1 } }, 'inputs'],
    ['a key that is no column', { key: 'ident' }, 'key'],
    ['no time', { everyMinutes: 0 }, 'everyMinutes'],
  ])('is refused with %s, and the field named', async (_name, over, field) => {
    fill('plain', ['a', 'One', 1]);
    await command('set', 'plain', '--spreadsheet', 'plain', '--tab', 'Plan');
    await command('sync', 'plain');
    const body = { key: 'id', workflow: 'lesson', inputs: { topic: '{{row.topic}}', words: 1 }, ...over };

    const refused = api.put('/api/sources/plain/watch', JSON.stringify(body), 'application/json');

    await expect(refused).rejects.toMatchObject({ errors: [expect.objectContaining({ field })] });
  });

  it('is a table: rows of course data start nothing, and a watched table does not become such', async () => {
    google.put('units', 'Plan', [
      ['unit', 'name', 'level', 'kind', 'text', 'translation'],
      ['bar', 'En el bar', 'A1', 'word', 'zumo', 'juice'],
    ]);
    const sheet = ['--spreadsheet', 'units', '--tab', 'Plan'];
    const head = ['--title', 'Bars', '--language', 'es', '--from', 'en'];
    fill('turned', ['a', 'One', 1]);
    await command('set', 'turned', '--spreadsheet', 'turned', '--tab', 'Plan');
    await command('sync', 'turned');
    await watch('turned', '--paused');

    await command('set', 'bars', ...sheet, ...head);
    expect(await command('sync', 'bars')).toBe('bars@1: 1 rows, changed\n');
    expect(await command()).toMatch(/bars +course +units +Plan +20/);
    await expect(watch('bars')).rejects.toMatchObject({ code: 'invalid-watch' });
    await expect(command('set', 'turned', ...sheet, ...head)).rejects.toMatchObject({ code: 'watched' });
  });

  it('is listed by command, and forgotten with its watch', async () => {
    fill('brief', ['a', 'One', 1]);
    await command('set', 'brief', '--spreadsheet', 'brief', '--tab', 'Plan');
    await command('sync', 'brief');
    await watch('brief', '--paused');

    expect(await command()).toMatch(/brief +table +brief +Plan +20/);
    expect(await command('watch', 'brief')).toContain('paused');
    expect(await command('delete', 'brief')).toBe('brief comes from nowhere now\n');
    await expect(command('watch', 'brief')).rejects.toMatchObject({ code: 'unknown-watch' });
    await expect(
      command('set', 'brief', '--spreadsheet', 'x', '--tab', 'A', '--type', 'words'),
    ).rejects.toThrow('--type "words" is no column=type');
  });
});
