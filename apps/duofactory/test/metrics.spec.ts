import { LocalBus } from '@duofactory/messaging';
import { processMetrics, type DescribedMetric } from '@duofactory/platform';
import { quietLog, startForTest, useEmptyDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Api } from '../src/client/api.js';
import { startRun, waitForRun } from '../src/commands/run.js';
import { services } from '../src/host/services.js';
import { startHost } from '../src/host/start-host.js';
import { publishOnceKnown } from './publish-once-known.js';

const REFERENCE = resolve(import.meta.dirname, '../../../docs/reference/metrics.md');
const definition = {
  kind: 'workflow',
  id: 'counted',
  blocks: [
    { id: 'good', type: 'transform', needs: [], with: { expression: '{ "n": 1 }' } },
    { id: 'bad', type: 'transform', onError: 'drop', with: { expression: '$error("no")' } },
  ],
};

describe('metrics', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  const running: ServiceUnderTest[] = [];

  beforeAll(async () => {
    for (const service of services)
      running.push(await startForTest(service, { bus, databaseUrl: database.url }));
    await bus.start();
  });

  afterAll(async () => {
    await bus.drain();
    for (const service of running) await service.stop();
    await bus.stop();
  });

  it('are those of the reference, with their types and labels', async () => {
    const known = new Map<string, DescribedMetric>();
    for (const { described } of [processMetrics(bus, { on: true }), ...running.map(({ metrics }) => metrics)])
      for (const one of described) known.set(one.name, one);

    expect(await documented()).toEqual([...known.values()].sort(byName));
  });

  it('tell what was done, service by service', async () => {
    const [orchestrator, , evaluator] = running;
    const api = new Api(orchestrator!.url);
    await publishOnceKnown(orchestrator!.url, definition);
    const run = await waitForRun(api, await startRun(api, { workflow: 'counted', inputs: {}, key: 'one' }));
    expect(run.status).toBe('partial');

    const ofRuns = await scrape(orchestrator!.url);
    const ofBlocks = await scrape(evaluator!.url);

    expect(ofRuns).toContain(
      'duofactory_task_transitions_total{type="transform",to="done",service="orchestrator"} 1',
    );
    expect(ofRuns).toContain(
      'duofactory_task_transitions_total{type="transform",to="failed",service="orchestrator"} 1',
    );
    expect(ofRuns).toContain(
      'duofactory_http_request_seconds_count{method="POST",route="/api/runs",status="201",service="orchestrator"} 1',
    );
    expect(ofRuns).toMatch(/duofactory_transaction_outcomes_count\{service="orchestrator"\} 2/);
    expect(ofRuns).toMatch(/duofactory_database_connections_max\{service="orchestrator"\} 10/);
    expect(ofRuns).not.toContain(run.id);
    for (const text of [ofRuns, ofBlocks]) expect(text).not.toMatch(/^duofactory_scrape_failures_total\{/m);
    expect(ofBlocks).toContain(
      'duofactory_block_attempts_total{type="transform",outcome="completed",service="evaluator"} 1',
    );
    expect(ofBlocks).toContain(
      'duofactory_block_queue_seconds_count{type="transform",service="evaluator"} 2',
    );
  });

  it('are not there where they are turned off', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'duofactory-metrics-'));
    const host = await startHost({
      DUOFACTORY_BUS: 'local',
      DUOFACTORY_DATABASE_URL: database.url,
      DUOFACTORY_DATA_DIR: folder,
      DUOFACTORY_HTTP_PORT: '0',
      DUOFACTORY_LOG_LEVEL: 'fatal',
      DUOFACTORY_METRICS: 'false',
    });
    try {
      const response = await fetch(`${host.url}/metrics`);

      expect([response.status, await response.json()]).toEqual([
        404,
        expect.objectContaining({ code: 'metrics-off' }),
      ]);
    } finally {
      await host.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

async function scrape(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

async function documented(): Promise<DescribedMetric[]> {
  const rows = (await readFile(REFERENCE, 'utf8')).matchAll(
    /^\| `(duofactory_\w+)` *\| (\w+) *\| ([\w ]*?) *\|/gm,
  );
  return Array.from(rows, ([, name, type, labels]) => ({
    name: name!,
    type: type as DescribedMetric['type'],
    labels: labels!.split(' ').filter((label) => label !== ''),
  })).sort(byName);
}

function byName(left: DescribedMetric, right: DescribedMetric): number {
  return left.name < right.name ? -1 : 1;
}
