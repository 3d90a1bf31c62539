import type { Ref } from '@duofactory/contracts';
import { FsObjectStore } from '@duofactory/objects';
import { useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Api } from '../src/client/api.js';
import { allResults } from '../src/commands/results.js';
import { startRun, waitForRun } from '../src/commands/run.js';
import type { Run } from '../src/client/runs.js';
import { startHost, type Host } from '../src/host/start-host.js';
import { applyShipped, episodesOf } from './episodes.js';
import { launch } from './host-process.js';

interface Scored {
  readonly key: string;
  readonly blockResults: {
    brief: { show: string; slot: number };
    script: { lines: { text: string }[] };
    viability: { score: number; opinions: { evaluator: string }[] };
  };
}

describe('the main job', () => {
  const database = useEmptyDatabase();
  let folder: string;
  let host: Host;
  let api: Api;
  let run: Run;

  const start = async (): Promise<void> => {
    host = await startHost({
      DUOFACTORY_DATABASE_URL: database.url,
      DUOFACTORY_DATA_DIR: folder,
      DUOFACTORY_HTTP_PORT: '0',
      DUOFACTORY_LOG_LEVEL: 'error',
    });
    api = new Api(host.url);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-job-'));
    await start();
    await applyShipped(api);
    run = await waitForRun(
      api,
      await startRun(api, {
        workflow: 'duoradio',
        inputs: { course: 'en-es', node: 'es-a1-cafe' },
        key: 'job',
      }),
    );
  });

  afterAll(async () => {
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('goes from curriculum to two published episodes', async () => {
    expect([run.status, run.reason]).toEqual(['completed', null]);
    const counts = Object.fromEntries(run.blocks.map(({ block, done, failed }) => [block, [done, failed]]));
    expect(counts).toEqual({
      unit: [1, 0],
      brief: [1, 0],
      wrapper: [2, 0],
      script: [10, 0],
      viability: [10, 0],
      best: [2, 0],
      exercises: [6, 0],
      fit: [6, 0],
      chosen: [2, 0],
      title: [2, 0],
      audio: [2, 0],
      episode: [2, 0],
    });
    const episodes = await episodesOf(api, run.id);
    expect(episodes.map(({ course, node, slot }) => [course, node.id, slot])).toEqual([
      [{ id: 'en-es', from: 'en', to: 'es' }, 'es-a1-cafe', 1],
      [{ id: 'en-es', from: 'en', to: 'es' }, 'es-a1-cafe', 2],
    ]);
  });

  it('publishes the best of five scripts, and one of the five is worse on purpose', async () => {
    const { payloads } = (await allResults(api, run.id, 'viability')) as unknown as { payloads: Scored[] };
    const episodes = await episodesOf(api, run.id);

    for (const [slot, scripts] of Map.groupBy(payloads, ({ blockResults }) => blockResults.brief.slot)) {
      const scores = scripts.map(({ blockResults }) => blockResults.viability.score);
      const texts = new Set(scripts.map(({ blockResults }) => JSON.stringify(blockResults.script.lines)));
      const episode = episodes.find((one) => one.slot === slot)!;

      expect(scripts).toHaveLength(5);
      expect(texts.size).toBe(5);
      expect(Math.min(...scores)).toBeLessThan(Math.max(...scores) - 0.05);
      expect(episode.viability).toBe(Math.max(...scores));
      const best = scripts.find(({ blockResults }) => blockResults.viability.score === episode.viability)!;
      expect(episode.script.lines.map(({ text }) => text)).toEqual(
        best.blockResults.script.lines.map(({ text }) => text),
      );
      expect(best.blockResults.viability.opinions).toHaveLength(4);
    }
  });

  it('says what stands behind an episode, and that no language model wrote it', async () => {
    const [episode] = await episodesOf(api, run.id);

    expect(episode!.provenance).toMatchObject({
      run: run.id,
      workflow: 'duoradio@1',
      // Those that its judges asked too.
      prompts: [
        ...['duoradio-exercises@1', 'duoradio-script@1', 'duoradio-title@1'],
        ...['judge-coherence@1', 'judge-naturalness@1'],
      ],
      evaluators: [
        'answerable@1',
        'coherence@1',
        'distinct-options@1',
        'level@1',
        'naturalness@1',
        'wrapper-rules@1',
      ],
      models: ['offline/offline-extractive-1'],
      offline: true,
      voices: expect.arrayContaining([expect.stringMatching(/^espeak\//)]) as unknown,
      calls: expect.arrayContaining([
        { ledger: expect.any(String) as unknown, model: 'offline/offline-extractive-1' },
      ]) as unknown,
      rows: ['unit=es-a1-cafe', expect.stringMatching(/^wrapper=/) as unknown],
    });
  });

  it('gives audio that can be heard, with mouth shapes inside it', async () => {
    const [episode] = await episodesOf(api, run.id);
    const response = await fetch(`${host.url}/api/episodes/${episode!.id}/audio`);
    const bytes = new Uint8Array(await response.arrayBuffer());

    expect(response.headers.get('content-type')).toBe('audio/ogg');
    expect(Buffer.from(bytes.subarray(0, 4)).toString()).toBe('OggS');
    expect(bytes.byteLength).toBe(episode!.audio.sizeBytes);
    expect(episode!.durationMs).toBeGreaterThan(15_000);
    const ends = episode!.lines.flatMap(({ visemes, words }) =>
      [...visemes, ...words].map(({ endMs }) => endMs),
    );
    expect(ends.length).toBeGreaterThan(200);
    expect(Math.max(...ends)).toBeLessThanOrEqual(episode!.durationMs);
    const peaks = await loudest(api, run.id, folder);
    expect(peaks).toBeGreaterThan(0.2);
    expect(peaks).toBeLessThan(1);
  });

  it('is recorded as a scenario that plays the same again', async () => {
    const scenario = await api.get<object>(`/api/runs/${run.id}/scenario`);
    const file = join(folder, 'recorded.yaml');
    await writeFile(file, stringify(scenario));

    const player = launch('scripts/scenarios.mjs', [file, '--seeds', '3'], {});

    expect([await player.ended, player.output.at(-1)]).toEqual([0, '1 passed, 0 failed, 0 skipped']);
    await writeFile(file, stringify(scenario).replace('script: 10', 'script: 9'));
    const spoilt = launch('scripts/scenarios.mjs', [file, '--seeds', '1'], {});
    expect(await spoilt.ended).toBe(1);
    expect(spoilt.output.join('\n')).toContain('FAILED duoradio-');
  });

  it('counts what it does, by service, and describes what it can', async () => {
    const metrics = await (await fetch(`${host.url}/metrics`)).text();
    const description = await api.get<{ openapi: string; paths: object }>('/api/openapi.json');
    const docs = await fetch(`${host.url}/api/docs`);

    expect(metrics).toMatch(
      /duofactory_block_attempts_total\{type="prompt",outcome="completed",service="llm-runner"\} 18/,
    );
    expect(metrics).toContain('process_resident_memory_bytes');
    expect(description.openapi).toBe('3.1.0');
    expect(Object.keys(description.paths)).toEqual(
      expect.arrayContaining([
        '/api/runs',
        '/api/prompts/{id}/versions',
        '/api/evaluators',
        '/api/episodes/{id}/audio',
      ]),
    );
    expect([docs.status, docs.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('keeps its data over a restart, and runs nothing twice', async () => {
    await host.stop();
    await start();

    const again = await startRun(api, {
      workflow: 'duoradio',
      inputs: { course: 'en-es', node: 'es-a1-cafe' },
      key: 'job',
    });

    expect([again.id, again.status]).toEqual([run.id, 'completed']);
    const { runs } = await api.get<{ runs: Run[] }>('/api/runs');
    expect(runs).toHaveLength(1);
  });

  it('publishes nothing new when a run makes the same content again', async () => {
    const second = await waitForRun(
      api,
      await startRun(api, {
        workflow: 'duoradio',
        inputs: { course: 'en-es', node: 'es-a1-cafe' },
        key: 'another',
      }),
    );

    const { payloads } = await allResults(api, second.id, 'episode');
    expect(payloads.map(({ blockResults }) => blockResults['episode'])).toEqual([
      expect.objectContaining({ version: 1, unchanged: true }),
      expect.objectContaining({ version: 1, unchanged: true }),
    ]);
  });

  it('makes episodes of the other course in its language', async () => {
    const other = await waitForRun(
      api,
      await startRun(api, {
        workflow: 'duoradio',
        inputs: { course: 'fr-en', node: 'en-a1-market' },
        key: 'fr-en',
      }),
    );

    expect([other.status, other.reason]).toEqual(['completed', null]);
    const [episode] = await episodesOf(api, other.id);
    expect(episode!.course).toEqual({ id: 'fr-en', from: 'fr', to: 'en' });
  });
});

/** The highest of the waveform's peaks, 0-1. */
async function loudest(api: Api, run: string, folder: string): Promise<number> {
  const { payloads } = await allResults(api, run, 'audio');
  const { peaks } = payloads[0]!.blockResults['audio'] as { peaks: Ref };
  const bytes = await new FsObjectStore(join(folder, 'objects')).get(peaks);
  return Math.max(...(JSON.parse(Buffer.from(bytes).toString()) as number[]));
}
