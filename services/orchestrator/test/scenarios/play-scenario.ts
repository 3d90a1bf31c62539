import { blockRequestedTopic, type BlockRequested } from '@duofactory/contracts';
import { LocalBus, Outbox, OutboxRelay } from '@duofactory/messaging';
import { ManualClock, type Database } from '@duofactory/platform';
import { quietLog } from '@duofactory/testing';
import { randomUUID } from 'node:crypto';
import { AdvanceRuns } from '../../src/app/advance-runs.js';
import type { BlockOutcome } from '../../src/app/block-outcome.js';
import { Plans } from '../../src/app/plans.js';
import { PublishWorkflow } from '../../src/app/publish-workflow.js';
import { ReadPayloads } from '../../src/app/read-payloads.js';
import { ReadRuns } from '../../src/app/read-runs.js';
import { References } from '../../src/app/references.js';
import { RetryRun } from '../../src/app/retry-run.js';
import { StartRun } from '../../src/app/start-run.js';
import { registerBlockType } from '../../src/store/block-types.js';
import { randomFrom } from './random.js';
import { manifestsOf, type Answer, type Scenario, type TaskName } from './scenario.js';

export interface Played {
  readonly run: string;
  readonly status: string;
  readonly statusBeforeRetry: string | undefined;
  readonly payloads: Record<string, string[]>;
  readonly tasks: Record<string, number>;
  readonly sees: (block: string, key: string) => Promise<string[]>;
  /** What did not come as the file says, while it was played. */
  readonly complaints: string[];
}

const DUPLICATE_SHARE = 0.2;
const LOSE_SHARE = 0.1;
const MOST_AT_ONCE = 6;

/**
 * Plays one scenario with one seed through the orchestrator's own code: answers in random order, in batches, some
 * twice; now and then the messages of a commit are not published, as after a crash, and the sweep has to find them.
 */
export async function playScenario(scenario: Scenario, database: Database, seed: number): Promise<Played> {
  const random = randomFrom(seed);
  const clock = new ManualClock();
  const log = quietLog;
  const bus = new LocalBus({ log });
  const outbox = new Outbox();
  const relay = new OutboxRelay({ bus, outbox, sql: database, log, now: () => clock.now() });
  let plans = new Plans();
  let advance = new AdvanceRuns(database, plans, outbox, relay, clock);
  const requests: BlockRequested[] = [];
  const complaints: string[] = [];

  const types = Object.keys(scenario.types);
  await bus.ensureTopics(types.map((type) => ({ name: blockRequestedTopic(type) })));
  for (const type of types) {
    await bus.subscribe({
      group: `scenario.${type}`,
      topics: [blockRequestedTopic(type)],
      each: (event) => {
        requests.push(event.data as BlockRequested);
        return Promise.resolve();
      },
    });
  }
  await bus.start();

  for (const manifest of manifestsOf(scenario)) {
    await registerBlockType(database, { service: 'scenario', manifest, now: clock.now() });
  }
  const id = `scenario-${randomUUID()}`;
  const blocks = scenario.definition.blocks.map((block) => ({
    ...block,
    retry: { base: '0ms', ...(block['retry'] as object | undefined) },
  }));
  await new PublishWorkflow(database, new References(), clock).publish(id, {
    kind: 'workflow',
    id,
    ...scenario.definition,
    blocks,
  });
  const { id: run } = await new StartRun(advance, new References(), plans).execute({
    workflow: id,
    inputs: {},
  });

  let statusBeforeRetry: string | undefined;
  const commands = [...(scenario.then ?? [])];
  const held: { name: TaskName; outcomes: BlockOutcome[] }[] = [];
  const waiting: BlockOutcome[] = [];
  const seen = new Set<string>();
  const scripts = taskScripts(scenario);

  const take = async (): Promise<void> => {
    for (let swept = false; ; swept = true) {
      await relay.drain();
      for (const request of requests.splice(0)) {
        if (request.run !== run) continue;
        const attempt = `${request.task}/${request.attempt}`;
        if (seen.has(attempt)) continue;
        seen.add(attempt);
        const script = scripts.find(({ name }) => isTask(name, request));
        const answers = script
          ? script.answersTo(request, scenario)
          : [answer(scenario, request, request.attempt, statusBeforeRetry !== undefined)];
        if (!script) await checkPayloads(request);
        const hold = (scenario.faults ?? []).find((fault) => 'hold' in fault && isTask(fault.hold, request));
        if (hold && 'hold' in hold) held.push({ name: hold.hold, outcomes: answers });
        else waiting.push(...answers);
      }
      // What a lost publish left in the outbox comes by the sweep.
      if (swept) return;
      clock.advance(6000);
      await relay.sweep();
      await advance.sweep();
    }
  };

  const checkPayloads = async (request: BlockRequested): Promise<void> => {
    const expected = entry(scenario, request)?.expectPayloads;
    if (!request.payloads || !expected) return;
    const { payloads } = await new ReadPayloads(database, plans).execute(request.task, 0, 1000);
    const keys = payloads.map(({ key }) => key);
    if (JSON.stringify(keys) !== JSON.stringify(expected)) {
      complaints.push(
        `${request.block} ${request.key}: expected payloads ${expected.join(' ')}, got ${keys.join(' ')}`,
      );
    }
  };

  for (;;) {
    await take();
    if (waiting.length === 0) {
      if (held.length === 0 && commands.length === 0) break;
      if (held.length === 0) {
        commands.shift();
        statusBeforeRetry = (await new ReadRuns(database, plans).show(run)).status;
        await new RetryRun(advance).execute(run);
        continue;
      }
      complaints.push(...(await checkQuiet(scenario, database, run)));
      waiting.push(...held.splice(0).flatMap(({ outcomes }) => outcomes));
    }
    const batch: BlockOutcome[] = [];
    for (let left = 1 + Math.floor(random() * MOST_AT_ONCE); left > 0 && waiting.length > 0; left -= 1) {
      const next = scripts.length > 0 ? 0 : Math.floor(random() * waiting.length);
      const [outcome] = waiting.splice(next, 1);
      batch.push(outcome!);
      if (random() < DUPLICATE_SHARE) batch.push(outcome!);
    }
    if (random() < LOSE_SHARE) {
      // The process dies between commit and publish, and another takes over with nothing in memory.
      plans = new Plans();
      const mute = Object.assign(Object.create(relay) as OutboxRelay, { published: () => undefined });
      await new AdvanceRuns(database, plans, outbox, mute, clock).settle(batch);
      advance = new AdvanceRuns(database, plans, outbox, relay, clock);
    } else {
      await advance.settle(batch);
    }
  }
  await relay.stop();
  await bus.stop();

  const reading = new ReadRuns(database, plans);
  const { status, blocks: counted } = await reading.show(run);
  const payloads: Record<string, string[]> = {};
  for (const { block } of counted) {
    payloads[block] = (await reading.results(run, { block, limit: 1000 })).payloads.map(({ key }) => key);
  }
  return {
    run,
    status,
    statusBeforeRetry,
    payloads,
    tasks: Object.fromEntries(counted.map(({ block, tasks }) => [block, tasks])),
    sees: async (block, key) => {
      const page = await reading.results(run, { block, limit: 1000 });
      return Object.keys(page.payloads.find((payload) => payload.key === key)?.blockResults ?? {}).sort();
    },
    complaints,
  };
}

function entry(scenario: Scenario, { block, key, sample }: BlockRequested): Answer | undefined {
  return scenario.services[block]?.find((one) => one.key === key && one.sample === sample);
}

function answer(
  scenario: Scenario,
  request: BlockRequested,
  attempt = request.attempt,
  retried = false,
): BlockOutcome {
  const written = entry(scenario, request);
  const found = retried ? (written?.afterRetry ?? written) : written;
  if (!found) throw new Error(`No answer for ${request.block} "${request.key}" sample ${request.sample}`);
  const { run, task } = request;
  if (found.error)
    return { run, task, attempt, kind: 'failed', error: { message: 'As the file says', ...found.error } };
  if (found.picks)
    return { run, task, attempt, kind: 'completed', outcome: { kind: 'picks', picks: found.picks } };
  const outputs = found.outputs ?? [{ result: found.result ?? {} }];
  return { run, task, attempt, kind: 'completed', outcome: { kind: 'outputs', outputs } };
}

function isTask(name: TaskName, { block, key, sample }: BlockRequested): boolean {
  return name.block === block && name.key === key && (name.sample ?? sample) === sample;
}

/** Tasks whose events the file lists. `publish n` splits the list: what stands behind comes once attempt n is requested. */
function taskScripts(scenario: Scenario): {
  name: TaskName;
  answersTo: (request: BlockRequested, scenario: Scenario) => BlockOutcome[];
}[] {
  return (scenario.faults ?? []).flatMap((fault) => {
    if (!('task' in fault)) return [];
    const chapters: string[][] = [[]];
    for (const event of fault.events) {
      if (event.startsWith('publish')) chapters.push([]);
      else chapters.at(-1)!.push(event);
    }
    return [
      {
        name: fault.task,
        answersTo: (request: BlockRequested) =>
          (chapters[request.attempt - 1] ?? []).map((event) => scripted(scenario, request, event)),
      },
    ];
  });
}

function scripted(scenario: Scenario, request: BlockRequested, event: string): BlockOutcome {
  const [what, attempt, how] = event.split(' ');
  const { run, task } = request;
  if (what === 'completed') return answer(scenario, request, Number(attempt));
  // A lost attempt looks like a retryable failure to whoever counts: here it is told at once instead of after hours.
  const retryable = what === 'lost' || how === 'retryable';
  return {
    run,
    task,
    attempt: Number(attempt),
    kind: 'failed',
    error: { code: what!, message: event, retryable },
  };
}

async function checkQuiet({ atQuiet }: Scenario, database: Database, run: string): Promise<string[]> {
  const complaints: string[] = [];
  const statusOf = async ({ block, key, sample }: TaskName): Promise<string[]> =>
    (
      await database.query<{ status: string }>({
        text: `SELECT status FROM tasks WHERE run = $1 AND block = $2 AND key = $3 AND ($4::int IS NULL OR sample = $4)`,
        values: [run, block, key, sample ?? null],
      })
    ).rows.map((row) => row.status);
  for (const task of atQuiet?.settled ?? []) {
    const statuses = await statusOf(task);
    if (
      statuses.length === 0 ||
      statuses.some((status) => !['done', 'dropped', 'kept', 'failed'].includes(status))
    ) {
      complaints.push(
        `At quiet ${task.block} "${task.key}" should be settled, is ${statuses.join() || 'not made'}`,
      );
    }
  }
  for (const task of atQuiet?.notMade ?? []) {
    if ((await statusOf(task)).length > 0)
      complaints.push(`At quiet ${task.block} "${task.key}" should not be made yet`);
  }
  return complaints;
}
