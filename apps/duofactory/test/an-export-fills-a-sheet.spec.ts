import { FakeSheets, useEmptyDatabase } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../src/client/api.js';
import { startHost, type Host } from '../src/host/start-host.js';
import { publishOnceKnown } from './publish-once-known.js';

/** As the guide has it. */
const titles = {
  ...{ kind: 'workflow', id: 'titles', inputs: { table: { type: 'string' } } },
  blocks: [
    { id: 'unit', type: 'import', needs: [], with: { from: 'table', table: '{{table}}', rowId: 'id' } },
    { id: 'title', type: 'transform', with: { expression: "{ 'title': 'Una ' & unit.word }" } },
    {
      id: 'report',
      type: 'export',
      with: {
        ...{ to: 'google', spreadsheet: '1AbC', tab: 'Titles', key: 'id' },
        columns: { id: 'unit.id', title: 'title.title' },
      },
    },
  ],
};

describe('an export fills a sheet', () => {
  const database = useEmptyDatabase();
  let folder: string;
  let google: FakeSheets;
  let host: Host;
  let api: Api;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-exports-'));
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
    await publishOnceKnown(host.url, titles);
  }, 600_000);

  afterAll(async () => {
    await host?.stop();
    await google?.stop();
    await rm(folder, { recursive: true, force: true });
  }, 600_000);

  const table = (id: string, ...words: string[]): Promise<unknown> =>
    api.put(
      `/api/tables/${id}`,
      JSON.stringify(words.map((word) => ({ id: word, word }))),
      'application/json',
    );
  const start = async (of: string): Promise<string> =>
    (await api.post<{ id: string }>('/api/runs', { workflow: 'titles', inputs: { table: of } })).id;
  const reported = async (run: string): Promise<unknown> => {
    await until(async () => (await api.get<{ endedAt: string | null }>(`/api/runs/${run}`)).endedAt !== null);
    const { payloads } = await api.get<{ payloads: { blockResults: Record<string, unknown> }[] }>(
      `/api/runs/${run}/results?block=report`,
    );
    return payloads[0]?.blockResults['report'];
  };
  const updates = (): number => google.calls.filter((call) => call.endsWith(':batchUpdate')).length;

  it('once: a second run writes what changed, and one that changes nothing writes nothing', async () => {
    google.put('1AbC', 'Titles', []);
    await table('words', 'mesa', 'silla');

    const first = await reported(await start('words'));
    const afterFirst = updates();
    const second = await reported(await start('words'));
    const afterSecond = updates();
    google.cells('1AbC', 'Titles')[0]!.push('note');
    google.cells('1AbC', 'Titles')[1]!.push('mine');
    await table('words', 'mesa', 'silla', 'lámpara');
    const third = await reported(await start('words'));

    expect(first).toEqual({ rows: 2, target: 'google:1AbC/Titles', written: 2, unchanged: 0 });
    expect(second).toMatchObject({ written: 0, unchanged: 2 });
    expect(third).toMatchObject({ written: 1, unchanged: 2 });
    expect([afterFirst, afterSecond, updates()]).toEqual([1, 1, 2]);
    expect(google.cells('1AbC', 'Titles')).toEqual([
      ['id', 'title', 'note'],
      ['mesa', 'Una mesa', 'mine'],
      ['silla', 'Una silla'],
      ['lámpara', 'Una lámpara'],
    ]);
  });

  it('of many runs at once, none over the rows of another', async () => {
    google.put('1AbC', 'Titles', []);
    const tables = Array.from({ length: 8 }, (_, i) => `list-${i}`);
    for (const [i, id] of tables.entries()) await table(id, `a${i}`, `b${i}`);

    const runs = await Promise.all(tables.map(start));
    const results = await Promise.all(runs.map(reported));

    expect(results).toEqual(
      Array.from({ length: 8 }, () => expect.objectContaining({ written: 2 }) as unknown),
    );
    const [head, ...rows] = google.cells('1AbC', 'Titles');
    expect(head).toEqual(['id', 'title']);
    expect(rows.map(([id]) => id).sort()).toEqual(tables.flatMap((_, i) => [`a${i}`, `b${i}`]).sort());
  });
});
