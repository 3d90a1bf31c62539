import { Database } from '@duofactory/platform';
import { useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRun, waitForRun } from '../src/commands/run.js';
import { ENDED, followRun, type Run } from '../src/client/runs.js';
import { applyShipped, episodesOf, withoutRun } from './episodes.js';
import { launchHost, stop } from './host-process.js';

/** At least so many in all, spread over the runs; a moment may come too late for a run that has just ended. */
const DEATHS = 20;
const MOMENTS_A_RUN = 6;
const UNITS = [
  ['en-es', 'es-a1-cafe'],
  ['en-es', 'es-a1-familia'],
  ['fr-en', 'en-a1-market'],
  ['fr-en', 'en-a1-apartment'],
] as const;

/** The same moments on every run of the spec: after so many settled tasks of the job. */
function moments(seed: number, count: number, most: number): number[] {
  let state = seed;
  const next = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  return Array.from({ length: count }, () => Math.floor(next() * most)).sort((a, b) => a - b);
}

describe('a host that is killed in the middle of the job', () => {
  const database = useEmptyDatabase();
  const undisturbed = useEmptyDatabase();
  const folders: string[] = [];
  const environment = async (databaseUrl: string): Promise<NodeJS.ProcessEnv> => {
    const folder = await mkdtemp(join(tmpdir(), 'duofactory-kill-'));
    folders.push(folder);
    return { DUOFACTORY_DATABASE_URL: databaseUrl, DUOFACTORY_DATA_DIR: folder };
  };
  const expected = new Map<string, object[]>();

  beforeAll(async () => {
    const host = await launchHost(await environment(undisturbed.url));
    await applyShipped(host.api);
    for (const [course, node] of UNITS) {
      const run = await waitForRun(
        host.api,
        await startRun(host.api, { workflow: 'duoradio', inputs: { course, node }, key: node }),
      );
      expected.set(node, (await episodesOf(host.api, run.id)).map(withoutRun));
    }
    await stop(host);
  });

  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

  it(`ends the job as if nothing had happened, ${DEATHS} times and more`, async () => {
    const env = await environment(database.url);
    let deaths = 0;
    let applied = false;
    for (const [i, [course, node]] of UNITS.entries()) {
      // 39 tasks a unit; the last moments lie in the audio and in publishing.
      const left = moments(7 + i, MOMENTS_A_RUN, 38);
      let run: Run;
      for (;;) {
        const host = await launchHost(env);
        if (!applied) await applyShipped(host.api);
        applied = true;
        run = await startRun(host.api, { workflow: 'duoradio', inputs: { course, node }, key: node });
        const moment = left.shift();
        if (moment === undefined || ENDED.has(run.status)) {
          run = await waitForRun(host.api, run);
          expect([node, run.status, run.reason]).toEqual([node, 'completed', null]);
          expect((await episodesOf(host.api, run.id)).map(withoutRun)).toEqual(expected.get(node));
          await stop(host);
          break;
        }
        await untilSettled(host.api, run, moment);
        await stop(host, 'SIGKILL');
        deaths += 1;
      }
    }

    await expectNothingTwice(database.url, UNITS.length);
    expect(deaths).toBeGreaterThanOrEqual(DEATHS);
  }, 1_200_000);
});

/** Resolves once so many tasks of the run have settled, or it has ended. */
async function untilSettled(api: Parameters<typeof followRun>[0], run: Run, count: number): Promise<void> {
  const settled = new Map<string, number>();
  for await (const { blocks, ended } of followRun(api, run.id)) {
    for (const { block, done, failed } of blocks) settled.set(block, done + failed);
    if (ended || [...settled.values()].reduce((sum, one) => sum + one, 0) >= count) return;
  }
}

async function expectNothingTwice(url: string, runs: number): Promise<void> {
  const database = await Database.open({ url, schema: 'orchestrator', migrations: [] });
  const rowsOf = async <Row>(text: string): Promise<Row[]> => (await database.query<Row>({ text })).rows;
  try {
    expect(await rowsOf('select status from runs')).toEqual(
      Array.from({ length: runs }, () => ({ status: 'completed' })),
    );
    // One settled success a task, however many attempts and answers there were.
    expect(
      await rowsOf(
        `select task from all_attempts where settled and outcome = 'completed' group by task having count(*) > 1`,
      ),
    ).toEqual([]);
    expect(await rowsOf(`select id from tasks where status <> 'done'`)).toEqual([]);
    expect(
      await rowsOf(
        `select episode from publisher.episode_versions where version > 1 or state <> 'published'`,
      ),
    ).toEqual([]);
    const [versions] = await rowsOf<{ count: number }>(
      'select count(*)::int as count from publisher.episode_versions',
    );
    expect(versions!.count).toBe(runs * 2);
    for (const schema of ['orchestrator', 'llm_runner', 'evaluator', 'sheets_sync', 'media', 'publisher'])
      expect([schema, await rowsOf(`select topic from ${schema}.outbox`)]).toEqual([schema, []]);
    expect(await rowsOf('select id from dead_letters')).toEqual([]);
  } finally {
    await database.close();
  }
}
