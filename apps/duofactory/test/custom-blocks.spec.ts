import { kafkaIfAvailable, pythonEnvironment, useEmptyDatabase } from '@duofactory/testing';
import { RawKafka } from '@duofactory/testing/kafka';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Api } from '../src/client/api.js';
import { allResults } from '../src/commands/results.js';
import { startRun, waitForRun } from '../src/commands/run.js';
import { endedAmong, launch, servingAt, stop, type Spawned } from './host-process.js';
import { publishOnceKnown } from './publish-once-known.js';

const root = resolve(import.meta.dirname, '../../..');
const kafka = await kafkaIfAvailable();
const python = kafka && (await pythonEnvironment('python-kafka-2', ['confluent-kafka>=2.6,<3']));

describe('the guide on custom blocks', () => {
  it.each(['shout.ts', 'main.ts', 'shout.spec.ts'])('shows %s as it is', async (name) => {
    const guide = await readFile(join(root, 'docs/guide/custom-blocks.md'), 'utf8');
    const file = await readFile(join(root, 'examples/custom-block-typescript', name), 'utf8');

    expect(guide).toContain(`\`\`\`ts\n// ${name}\n${file}\`\`\``);
  });
});

(kafka ? describe : describe.skip)('blocks of other teams', () => {
  const database = useEmptyDatabase();
  const started: Spawned[] = [];
  let folder: string;
  let url: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-custom-'));
    env = {
      DUOFACTORY_BUS: 'kafka',
      DUOFACTORY_KAFKA_BROKERS: kafka!.brokers.join(','),
      DUOFACTORY_KAFKA_PARTITIONS: '2',
      DUOFACTORY_DATABASE_URL: database.url,
      DUOFACTORY_DATA_DIR: folder,
      DUOFACTORY_HTTP_PORT: '0',
      DUOFACTORY_LOG_LEVEL: 'info',
      KAFKA_BROKERS: kafka!.brokers.join(','),
    };
    const orchestrator = launch('services/orchestrator/dist/main.js', [], env);
    started.push(orchestrator);
    url = await servingAt(orchestrator);
  });

  afterAll(async () => {
    await Promise.all(started.map((one) => stop(one)));
    await kafka?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('work in TypeScript, as the guide writes them', async () => {
    started.push(launch('examples/custom-block-typescript/main.ts', [], env));

    expect(await resultOf('shout', 'hola', { url, started })).toEqual({ text: 'HOLA' });
  });

  (python ? it : it.skip)(
    'work in Python, by the events alone, also behind what is no request',
    async () => {
      const worker = launchPython(join(python!, 'python'), env);
      started.push(worker);
      expect(await resultOf('backwards', 'hola', { url, started })).toEqual({ text: 'aloh' });

      const raw = await RawKafka.connect(kafka!.brokers);
      const topic = 'duofactory.block-requested.backwards';
      const partitions = Array.from({ length: await raw.partitionsOf(topic) }, (_, i) => i);
      const poison = ['no JSON', '[]', '{"run": 1}', null];
      await raw.send(partitions.flatMap((partition) => poison.map((value) => ({ topic, partition, value }))));
      await raw.stop();

      expect(await resultOf('backwards', 'adios', { url, started })).toEqual({ text: 'soida' });
      expect(worker.output.filter((line) => line.startsWith('passed over')).length).toBeGreaterThanOrEqual(
        poison.length,
      );
    },
    240_000,
  );
});

function launchPython(program: string, env: Record<string, string>): Spawned {
  const child = spawn(program, [join(root, 'examples/custom-block-python/worker.py')], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => output.push(line));
  return { child, output, ended: once(child, 'close').then(([code]) => code as number | null) };
}

/** What a run of one block of this type comes to. */
async function resultOf(
  type: string,
  text: string,
  { url, started }: { url: string; started: readonly Spawned[] },
): Promise<unknown> {
  const api = new Api(url);
  const definition = { kind: 'workflow', id: type, blocks: [{ id: 'it', type, needs: [], with: { text } }] };
  await publishOnceKnown(url, definition, endedAmong(started));
  const run = await waitForRun(
    api,
    await startRun(api, { workflow: type, inputs: {}, key: `${type} ${text}` }),
  );
  expect(run.status).toBe('completed');
  const { payloads } = await allResults(api, run.id, 'it');
  return payloads[0]!.blockResults['it'];
}
