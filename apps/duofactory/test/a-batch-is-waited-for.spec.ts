import {
  blockCompletedV1,
  blockRequestedTopic,
  blockTypeRegisteredV1,
  type BlockRequested,
} from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { orchestratorService } from '@duofactory/orchestrator';
import {
  anEvent,
  quietLog,
  startForTest,
  useEmptyDatabase,
  type ServiceUnderTest,
} from '@duofactory/testing';
import { TcpProxy, until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../src/client/api.js';
import { batch } from '../src/commands/batch.js';
import { written } from './command-line.js';

describe('whoever waits for a batch', () => {
  const database = useEmptyDatabase();
  let bus: LocalBus;
  let service: ServiceUnderTest;
  let wire: TcpProxy;
  let folder: string;
  const open: BlockRequested[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-batch-'));
    bus = new LocalBus({ log: quietLog });
    service = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    wire = await TcpProxy.open({ host: '127.0.0.1', port: Number(new URL(service.url).port) });
    await bus.subscribe({
      group: 'test.slow',
      topics: [blockRequestedTopic('slow')],
      each: async ({ data }) => void open.push(data as BlockRequested),
    });
    await bus.start();
    const manifest = {
      ...{ type: 'slow', version: 1, title: 'Slow', description: 'Slow', input: 'each', output: 'one' },
      with: { type: 'object' },
    };
    const event = anEvent({ service: 'test', manifest }, { type: blockTypeRegisteredV1.type });
    await bus.publish([{ topic: blockTypeRegisteredV1.topic, key: 'slow', event }]);
    const definition = { kind: 'workflow', id: 'slow', blocks: [{ id: 'one', type: 'slow', needs: [] }] };
    await new Api(service.url).post('/api/workflows/slow/versions', { definition });
  });

  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
    await wire.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('waits on, though one of the looks at it is not answered', async () => {
    const file = join(folder, 'items.json');
    await writeFile(file, '[{}]');
    const lost = wire.cutBeforeAnswer((chunk) => chunk.includes('GET /api/batches/'));
    const url = wire.through(service.url);

    const waiting = written(batch, ['start', 'slow', '--from', file, '--wait', '--url', url]);
    waiting.catch(() => undefined);
    await lost;
    await until(async () => open.length > 0);
    const { run, task, attempt } = open[0]!;
    const outputs = [{ result: {} }];
    const event = anEvent({ run, task, attempt, outputs }, { type: blockCompletedV1.type, subject: run });
    await bus.publish([{ topic: blockCompletedV1.topic, key: run, event }]);

    expect(await waiting).toContain('completed: 1 completed of 1');
  });
});
