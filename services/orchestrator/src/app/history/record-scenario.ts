import { hashJson } from '@duofactory/contracts';
import { label, type PlannedBlock, type ResultRow } from '@duofactory/engine';
import { Problem, type Database } from '@duofactory/platform';
import { readRun } from '../../store/runs.js';
import {
  readWholeResults,
  readWholeTasks,
  type WholeResult,
  type WholeTask,
} from '../../store/read-whole-run.js';
import type { Plans } from '../advance/plans.js';
import { unknownRun } from '../commands/unknown-run.js';

/** What `npm run scenarios` plays: a definition, what the services answered, and what came of it. */
export interface RecordedScenario {
  readonly name: string;
  readonly tells: string;
  readonly types: Record<string, object>;
  readonly definition: object;
  readonly services: Record<string, object[]>;
  readonly faults?: object[];
  readonly control?: object[];
  readonly expect: {
    readonly status: string;
    readonly payloads?: Record<string, string[]>;
    readonly tasks?: Record<string, number>;
  };
}

type Answered = Pick<RecordedScenario, 'faults' | 'control' | 'expect'>;

const OPEN = new Set(['evaluating', 'ready', 'requested', 'backoff']);

const LONGEST_TEXT = 200;
const MOST_TASKS = 5000;

/** Writes a finished run down as a scenario, so that what happened once can be played again. */
export class RecordScenario {
  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
  ) {}

  /** Throws Problem `not-recordable` with the reason. */
  async execute(id: string): Promise<RecordedScenario> {
    const run = await readRun(this.database, id);
    if (!run) throw unknownRun(id);
    if (run.endedAt === null)
      throw notRecordable(`Run ${id} is ${run.status}: wait until it has ended, or cancel it`);
    const { plan, definition, manifests } = await this.plans.of(this.database, run.workflow, run.version);
    const tasks = await readWholeTasks(this.database, id, MOST_TASKS + 1);
    if (tasks.length > MOST_TASKS)
      throw notRecordable(`Run ${id} has more than ${MOST_TASKS} tasks: record a smaller one`);
    const results = Map.groupBy(await readWholeResults(this.database, id), ({ block }) => block);
    const tasksOf = Map.groupBy(tasks, ({ block }) => block);
    const each = <T>(make: (block: PlannedBlock) => T): Record<string, T> =>
      Object.fromEntries(plan.blocks.map((block) => [block.id, make(block)]));

    return {
      name: `${run.workflow}-${id.slice(0, 8)}`,
      tells: `Recorded from a run of ${run.workflow}@${run.version}; long texts are cut to their hashes.`,
      types: Object.fromEntries(
        [...manifests.values()].map(({ type, input, output, samples, reads, raw }) => [
          type,
          {
            input,
            output,
            ...(samples === undefined ? {} : { samples }),
            ...(reads === undefined ? {} : { reads }),
            ...(raw === undefined ? {} : { raw }),
          },
        ]),
      ),
      definition: withInputs(definition, run.inputs),
      services: each((block) =>
        (tasksOf.get(block.id) ?? []).map((task) => answerTo(task, block, results.get(block.id) ?? [])),
      ),
      ...whatCame(run.status, tasks, {
        status: run.status,
        payloads: each((block) => (results.get(block.id) ?? []).map(({ key }) => key)),
        tasks: each((block) => tasksOf.get(block.id)?.length ?? 0),
      }),
    };
  }
}

/**
 * How far a run came that was stopped is a matter of timing, so only its status is expected. What was never answered
 * is held back until the run stops in the play, too.
 */
function whatCame(status: string, tasks: readonly WholeTask[], expect: Answered['expect']): Answered {
  if (status === 'completed' || status === 'partial') return { expect };
  const open = tasks.filter((task) => OPEN.has(task.status));
  return {
    faults: open.map(({ block, key, sample }) => ({ hold: { block, key, sample }, until: 'cancelled' })),
    ...(status === 'cancelled' ? { control: [{ command: 'cancel' }] } : {}),
    expect: { status },
  };
}

/** A scenario starts its run without inputs: those of the run become defaults. */
function withInputs(
  {
    inputs = {},
    variables,
    maxPayloads,
    blocks,
  }: { inputs?: Record<string, object>; variables?: object; maxPayloads?: number; blocks: object[] },
  given: Record<string, unknown>,
): object {
  const defaults = Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [
      name,
      Object.hasOwn(given, name) ? { ...input, default: given[name] } : input,
    ]),
  );
  return {
    ...(Object.keys(inputs).length > 0 ? { inputs: defaults } : {}),
    ...(variables ? { variables } : {}),
    ...(maxPayloads === undefined ? {} : { maxPayloads }),
    blocks,
  };
}

function answerTo(task: WholeTask, block: PlannedBlock, results: readonly WholeResult[]): object {
  const { key, sample, outcome } = task;
  if (outcome) return { key, sample, ...answerInLoop(outcome, block) };
  if (OPEN.has(task.status)) return { key, sample, error: { code: 'unanswered', retryable: false } };
  if (task.error) return { key, sample, error: { code: task.error.code, retryable: false } };
  if (block.output === 'pick') {
    const own = results.filter((row) => isUnder(row.key, key));
    return { key, sample, picks: own.map((row) => ({ key: row.key, result: valueOf(row) })) };
  }
  if (block.output === 'many') {
    const start = `${key === '' ? '' : `${key}/`}${block.id}=`;
    const own = results.filter(
      (row) => row.key.startsWith(start) && !row.key.slice(start.length).includes('/'),
    );
    return {
      key,
      sample,
      outputs: own.map((row) => ({ ...named(row.key.slice(start.length)), result: valueOf(row) })),
    };
  }
  const made = block.forks ? `${key === '' ? '' : `${key}/`}${block.id}=${sample}` : key;
  const row = results.find((one) => one.key === made);
  return { key, sample, result: row ? valueOf(row) : {} };
}

/** What the block at the end of a loop made in one round. */
function answerInLoop(outcome: readonly ResultRow[], block: PlannedBlock): object {
  const made = outcome.filter(({ state }) => state === 'ok');
  const value = (row: ResultRow): unknown => (row.ref ? { ref: hashJson(row.ref) } : cut(row.value));
  if (block.output === 'pick') return { picks: made.map((row) => ({ key: row.key, result: value(row) })) };
  if (block.output === 'one') return { result: made[0] ? value(made[0]) : {} };
  return {
    outputs: made.map((row) => ({
      ...named(row.key.slice(row.key.lastIndexOf('=') + 1)),
      result: value(row),
    })),
  };
}

/** Has the payload all segments of the group? */
function isUnder(key: string, group: string): boolean {
  const segments = new Set(key.split('/'));
  return group === '' || group.split('/').every((segment) => segments.has(segment));
}

/** The id of which the label is the encoded form. Labels that were cut, or made of a child's key, are given as they are. */
function named(written: string): { id: string } | { label: string } {
  const id = Buffer.from(
    written.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString();
  return label(id) === written ? { id } : { label: written };
}

function valueOf({ value, ref }: WholeResult): unknown {
  return ref ? { ref: hashJson(ref) } : cut(value);
}

function cut(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length <= LONGEST_TEXT ? value : `sha256:${hashJson(value).slice(0, 16)}`;
  if (Array.isArray(value)) return value.map(cut);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cut(inner)]));
}

function notRecordable(detail: string): Problem {
  return new Problem({ status: 409, code: 'not-recordable', title: 'This run cannot be recorded', detail });
}
