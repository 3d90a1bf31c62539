import { Database } from '@duofactory/platform';
import { useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRun, waitForRun } from '../src/commands/run.js';
import { launchHost, stop, type Spawned } from './host-process.js';
import { publishOnceKnown } from './publish-once-known.js';

const ITEMS = 5000;
/** Of the fan-out's five pieces so many are left, when the host dies. */
const DEATHS_AT = [4, 2];

/** A list, an item a task, and all of them in their order. */
const definition = {
  kind: 'workflow',
  id: 'fan',
  blocks: [
    { id: 'list', type: 'transform', needs: [], with: { expression: `{ "items": [1..${ITEMS}] }` } },
    { id: 'item', type: 'split', with: { list: '{{list.items}}' } },
    { id: 'work', type: 'transform', with: { expression: '{ "n": item.value }' } },
    { id: 'all', type: 'select', with: { by: 'work.n', top: 3 } },
  ],
};

describe('a host that is killed in the midst of a large fan-out', () => {
  const database = useEmptyDatabase();
  let folder: string;
  let rows: Database;
  let host: Spawned | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-fan-'));
    rows = await Database.open({ url: database.url, schema: 'orchestrator', migrations: [] });
  });

  afterAll(async () => {
    if (host) await stop(host);
    await rows.close();
    await rm(folder, { recursive: true, force: true });
  });

  const read = async <Row>(text: string): Promise<Row[]> => (await rows.query<Row>({ text })).rows;

  it('goes on where it was, and comes to what it would have come to', async () => {
    const env = { DUOFACTORY_DATABASE_URL: database.url, DUOFACTORY_DATA_DIR: folder };
    const start = async () => {
      const launched = await launchHost(env);
      host = launched;
      return launched;
    };
    let { api, url } = await start();
    await publishOnceKnown(url, definition);
    const of = { workflow: 'fan', inputs: {}, key: 'once' };
    await startRun(api, of);

    const deaths: number[] = [];
    for (const left of DEATHS_AT) {
      for (;;) {
        const [{ pieces } = { pieces: 0 }] = await read<{ pieces: number }>(
          `SELECT count(*)::int AS pieces FROM expansions`,
        );
        const [task] = await read<{ status: string }>(`SELECT status FROM tasks WHERE block = 'item'`);
        if (task?.status === 'done' || (task?.status === 'expanding' && pieces <= left)) break;
      }
      await stop(host!, 'SIGKILL');
      deaths.push((await read(`SELECT piece FROM expansions`)).length);
      ({ api, url } = await start());
    }
    const run = await waitForRun(api, await startRun(api, of));

    expect([run.status, run.reason]).toEqual(['completed', null]);
    // It died in the midst at least once; pieces that were born stay so.
    expect(deaths[0]).toBeGreaterThan(0);
    expect(deaths).toEqual(deaths.toSorted((a, b) => b - a));
    expect(await read(`SELECT piece FROM expansions`)).toEqual([]);
    expect(
      await read(`SELECT count(*)::int AS tasks, status FROM tasks WHERE block = 'work' GROUP BY status`),
    ).toEqual([{ tasks: ITEMS, status: 'done' }]);
    const picked = await read(`SELECT key FROM results WHERE block = 'all' ORDER BY ord`);
    expect(picked).toEqual([ITEMS, ITEMS - 1, ITEMS - 2].map((n) => ({ key: `item=${n}` })));
  });
});
