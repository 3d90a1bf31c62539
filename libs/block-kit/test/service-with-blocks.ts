import {
  blockCompletedV1,
  blockProgressV1,
  blockRequestedTopic,
  blockRequestedV1,
  blockTypeRegisteredV1,
  tasksCancelledV1,
  uuidFrom,
  type BlockRequested,
  type CloudEvent,
} from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import type { ObjectStore } from '@duofactory/objects';
import type { Clock } from '@duofactory/platform';
import { Received, quietLog, startForTest, type ServiceUnderTest } from '@duofactory/testing';
import { BLOCK_MIGRATIONS, BlockWorker, type BlockType } from '../src/index.js';

export interface ServiceWithBlocks {
  readonly service: ServiceUnderTest;
  /** `time`: of the event, default now. */
  readonly request: (type: string, of: Partial<BlockRequested>, time?: Date) => Promise<void>;
  /** `time`: when it was said, default now. */
  readonly cancel: (run: string, time?: Date, tasks?: string[]) => Promise<void>;
  /** The next answer to a task, whichever kind. */
  readonly answerTo: (task: string) => Promise<CloudEvent<Record<string, never>>>;
  /** The first one that comes from now on. */
  readonly nextAnswerTo: (task: string) => Promise<CloudEvent>;
  readonly answers: CloudEvent[];
  readonly announced: CloudEvent[];
  readonly signs: Received<unknown>;
  readonly stop: () => Promise<void>;
}

/** A service of nothing but blocks, on a bus and a database of its own. */
export async function serviceWithBlocks(
  blocks: readonly BlockType[],
  of: { databaseUrl: string; objects?: ObjectStore; orchestratorUrl?: string; clock?: Clock },
): Promise<ServiceWithBlocks> {
  const bus = new LocalBus({ log: quietLog });
  const service = await startForTest(
    {
      name: 'blocks',
      schema: 'blocks',
      resources: [],
      migrations: BLOCK_MIGRATIONS,
      create: (parts) => ({
        module: { module: class Empty {} },
        background: [
          new BlockWorker({ ...parts, ...(of.clock ? { clock: of.clock } : {}) }, 'blocks', blocks),
        ],
      }),
    },
    {
      bus,
      databaseUrl: of.databaseUrl,
      ...(of.objects ? { objects: of.objects } : {}),
      urls: of.orchestratorUrl === undefined ? {} : { orchestrator: of.orchestratorUrl },
    },
  );
  const answers: CloudEvent[] = [];
  const announced: CloudEvent[] = [];
  const signs = new Received<unknown>();
  const waiting = new Map<string, (event: CloudEvent) => void>();
  await bus.subscribe({
    group: 'spec.answers',
    topics: [blockCompletedV1.topic],
    each: async (event) => {
      answers.push(event);
      waiting.get((event.data as { task: string }).task)?.(event);
    },
  });
  await bus.subscribe({
    group: 'spec.types',
    topics: [blockTypeRegisteredV1.topic],
    each: async (event) => void announced.push(event),
  });
  await bus.subscribe({
    group: 'spec.signs',
    topics: [blockProgressV1.topic],
    each: async ({ data }) => signs.add(data),
  });
  await bus.start();

  return {
    service,
    answers,
    announced,
    signs,
    request: (type, data, time = new Date()) =>
      bus.publish([{ topic: blockRequestedTopic(type), ...aRequest(type, data, time) }]),
    cancel: (run, time = new Date(), tasks) =>
      bus.publish([
        {
          topic: tasksCancelledV1.topic,
          key: run,
          event: {
            id: uuidFrom('cancel', run, ...(tasks ?? [])),
            source: '/spec',
            type: tasksCancelledV1.type,
            time: time.toISOString(),
            data: { run, ...(tasks ? { tasks } : {}) },
          },
        },
      ]),
    answerTo: (task) =>
      new Promise((resolve) => {
        const known = answers.find(({ data }) => (data as { task: string }).task === task);
        if (known) resolve(known as never);
        else waiting.set(task, resolve as never);
      }),
    nextAnswerTo: (task) => new Promise((resolve) => waiting.set(task, resolve)),
    async stop() {
      await bus.drain();
      await service.stop();
      await bus.stop();
    },
  };
}

export const taskNamed = (name: string): string => uuidFrom('task', name);
export const runNamed = (name: string): string => uuidFrom('run', name);

export function aRequest(
  type: string,
  of: Partial<BlockRequested>,
  time: Date,
): { key: string; event: CloudEvent } {
  const data: BlockRequested = {
    run: runNamed('one'),
    task: taskNamed('one'),
    attempt: 1,
    block: 'it',
    type,
    typeVersion: 1,
    key: '',
    sample: 1,
    lineage: runNamed('one'),
    with: {},
    payload: { key: '', blockResults: {} },
    timeoutMs: 60_000,
    ...of,
  };
  return {
    key: data.task,
    event: {
      id: uuidFrom(data.task, data.attempt),
      source: '/duofactory/orchestrator',
      type: blockRequestedV1.type,
      subject: data.run,
      time: time.toISOString(),
      data,
    },
  };
}
