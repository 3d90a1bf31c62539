import { kafkaIfAvailable, useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Api } from '../src/client/api.js';
import { startRun, waitForRun } from '../src/commands/run.js';
import { launch, servingAt, stop, type Spawned } from './host-process.js';
import { publishOnceKnown } from './publish-once-known.js';

const kafka = await kafkaIfAvailable();
const TASKS = 300;
const PASSWORD = 'drain-spec-password';

const definition = {
  kind: 'workflow',
  id: 'counted',
  blocks: [
    { id: 'list', type: 'list', needs: [], with: { count: TASKS } },
    { id: 'count', type: 'count', with: { n: '{{list.n}}' } },
  ],
};

(kafka ? describe : describe.skip)('a service that is told to stop in the middle of its work', () => {
  const database = useEmptyDatabase();
  const started: Spawned[] = [];
  let folder: string;
  let file: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-drain-'));
    file = join(folder, 'executed');
    env = {
      DUOFACTORY_BUS: 'kafka',
      DUOFACTORY_KAFKA_BROKERS: kafka!.brokers.join(','),
      DUOFACTORY_KAFKA_PARTITIONS: '4',
      DUOFACTORY_DATABASE_URL: database.url,
      DUOFACTORY_DATA_DIR: folder,
      DUOFACTORY_HTTP_PORT: '0',
      DUOFACTORY_LOG_LEVEL: 'debug',
      // Nothing reads it: no line may bear it all the same.
      DUOFACTORY_KAFKA_SASL_PASSWORD: PASSWORD,
      COUNTING_FILE: file,
    };
  });

  afterAll(async () => {
    await Promise.all(started.map((one) => stop(one)));
    await kafka?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const begin = (script: string, more: Record<string, string> = {}): Spawned => {
    const spawned = launch(script, [], { ...env, ...more });
    started.push(spawned);
    return spawned;
  };

  it('finishes or hands over what it has, ends with 0, and nothing finished is executed again', async () => {
    const first = begin('services/orchestrator/dist/main.js');
    const before = await servingAt(first);
    const worker = begin('apps/duofactory/test/counting-service.mjs', { COUNTING_HANGS: 'yes' });
    await servingAt(worker);
    await publishOnceKnown(before, definition);
    const run = await startRun(new Api(before), { workflow: 'counted', inputs: {}, key: 'one' });
    // All but the one that hangs are over: a partition that moves while its tasks are worked on has them done twice.
    await untilExecuted(
      file,
      (lines) =>
        lines.some(({ what }) => what === 'hang') &&
        lines.filter(({ what }) => what === 'end').length === TASKS - 1,
    );

    // Another takes over while the first still works; then both that began are told to stop.
    const other = begin('apps/duofactory/test/counting-service.mjs');
    await servingAt(other);
    worker.child.kill('SIGTERM');
    first.child.kill('SIGTERM');
    const codes = [await worker.ended, await first.ended];
    const second = begin('services/orchestrator/dist/main.js');
    const ended = await waitForRun(new Api(await servingAt(second)), run);

    expect(codes).toEqual([0, 0]);
    expect(ended.status).toBe('completed');
    const lines = await executed(file);
    const ends = lines.filter(({ what }) => what === 'end').map(({ task }) => task);
    expect(ends).toHaveLength(TASKS);
    expect(new Set(ends).size).toBe(TASKS);
    // Executed again is only what was given up: its first attempt never came to an end.
    const begun = Map.groupBy(
      lines.filter(({ what }) => what === 'begin'),
      ({ task }) => task,
    );
    const again = [...begun.values()].filter((tries) => tries.length > 1);
    for (const [firstTry] of again) expect(firstTry!.pid).toBe(String(worker.child.pid));
    expect(again.length).toBeGreaterThanOrEqual(1);
  });

  it('logs JSON, a line an object, with the trace where there is one and no secret', async () => {
    const output = started.flatMap((one) => one.output);
    // Node's own warnings go to standard error, as they are.
    const lines = output.filter((line) => line !== '' && !/^\(node:|^\(Use `node/.test(line));

    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['serving', 'draining', 'stopped']));
    for (const entry of entries)
      expect(entry).toEqual(
        expect.objectContaining({ level: expect.any(String), service: expect.any(String) }),
      );
    expect(lines.join('\n')).not.toContain(PASSWORD);
  });
});

async function executed(file: string): Promise<{ what: string; task: string; pid: string }[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [what, task, pid] = line.split(' ') as [string, string, string];
      return { what, task, pid };
    });
}

async function untilExecuted(
  file: string,
  enough: (lines: readonly { what: string }[]) => boolean,
): Promise<void> {
  while (!enough(await executed(file))) await pause(20);
}
