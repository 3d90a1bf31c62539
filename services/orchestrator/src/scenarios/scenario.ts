import type { BlockManifest } from '@duofactory/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { Type, type Static, type TProperties } from 'typebox';
import { parse } from 'yaml';

const object = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });
const Keys = Type.Array(Type.String());
const Result = Type.Record(Type.String(), Type.Unknown());

const TaskName = object({
  block: Type.String(),
  key: Type.String(),
  sample: Type.Optional(Type.Integer()),
});
export type TaskName = Static<typeof TaskName>;

const answers = {
  result: Type.Optional(Result),
  outputs: Type.Optional(
    Type.Array(
      object({
        id: Type.Optional(Type.String()),
        // As it stands in keys, where the id behind it is not known.
        label: Type.Optional(Type.String()),
        result: Type.Optional(Result),
      }),
    ),
  ),
  picks: Type.Optional(Type.Array(object({ key: Type.String(), result: Type.Optional(Result) }))),
  error: Type.Optional(
    object({
      code: Type.String(),
      retryable: Type.Optional(Type.Boolean()),
      message: Type.Optional(Type.String()),
    }),
  ),
  expectPayloads: Type.Optional(Keys),
};
const Answer = object({
  key: Type.String(),
  sample: Type.Integer(),
  ...answers,
  afterRetry: Type.Optional(object(answers)),
});
export type Answer = Static<typeof Answer>;
const Services = Type.Record(Type.String(), Type.Array(Answer));

const Definition = Type.Object({ blocks: Type.Array(Result) });

const Quiet = object({
  settled: Type.Optional(Type.Array(TaskName)),
  notMade: Type.Optional(Type.Array(TaskName)),
});
export type Quiet = Static<typeof Quiet>;

const RerunCommand = object({
  from: Type.Optional(Type.String()),
  key: Type.Optional(Type.String()),
  inputs: Type.Optional(Result),
});
const Command = Type.Union([
  Type.Enum(['pause', 'resume', 'cancel', 'retry', 'rerun']),
  object({ rerun: RerunCommand }),
  object({ pause: Type.Unknown() }),
  object({ resume: Type.Unknown() }),
  object({ cancel: Type.Unknown() }),
  object({ retry: Type.Unknown() }),
]);
export type Command = Static<typeof Command>;

const Control = object({
  after: Type.Optional(
    object({ settled: Type.Union([TaskName, Type.Array(TaskName), Type.Integer({ minimum: 0 })]) }),
  ),
  atQuiet: Type.Optional(Type.Union([Quiet, Type.Boolean(), Type.Null()])),
  command: Type.Optional(Command),
  expect: Type.Optional(Type.Unknown()),
  release: Type.Optional(Type.Unknown()),
});
export type Control = Static<typeof Control>;

const expectations = {
  status: Type.Optional(Type.String()),
  payloads: Type.Optional(Type.Record(Type.String(), Keys)),
  sees: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Keys))),
  tasks: Type.Optional(Type.Record(Type.String(), Type.Integer())),
  scopes: Type.Optional(Type.Record(Type.String(), Keys)),
};
const Expectation = object({ statusBeforeRetry: Type.Optional(Type.String()), ...expectations });
const RerunExpectation = object({ ...expectations, published: Type.Optional(Type.Array(TaskName)) });
export type Expectation = Static<typeof RerunExpectation>;

const Scenario = object({
  name: Type.String(),
  tells: Type.Optional(Type.String()),
  types: Type.Record(
    Type.String(),
    object({
      input: Type.Enum(['each', 'all', 'both']),
      output: Type.Enum(['one', 'many', 'pick']),
      samples: Type.Optional(Type.Boolean()),
      reads: Type.Optional(Type.Unknown()),
      raw: Type.Optional(Keys),
    }),
  ),
  definition: Type.Optional(Definition),
  services: Type.Optional(Services),
  faults: Type.Optional(
    Type.Array(
      Type.Union([
        object({ hold: TaskName, until: Type.Enum(['quiet', 'cancelled']) }),
        object({ task: TaskName, events: Type.Array(Type.String()) }),
      ]),
    ),
  ),
  atQuiet: Type.Optional(Quiet),
  control: Type.Optional(Type.Array(Control)),
  then: Type.Optional(Type.Array(object({ command: Command }))),
  rerun: Type.Optional(
    object({ command: Command, services: Type.Optional(Services), expect: RerunExpectation }),
  ),
  expect: Type.Optional(Expectation),
  refused: Type.Optional(
    Type.Array(object({ code: Type.String(), block: Type.String(), definition: Definition })),
  ),
});
/** A file of the executable reference of workflow semantics. */
export type Scenario = Static<typeof Scenario>;

const validate = new Ajv2020({ allErrors: true, strict: false }).compile(Scenario);
const EVENT = /^(lost|publish|completed) [1-9]\d*$|^failed [1-9]\d* (retryable|terminal)$/;

/** The file says what this version does not understand. Nothing is ignored. */
export class ScenarioNotUnderstood extends Error {
  readonly code = 'scenario-not-understood';
}

export function readScenario(path: string): Scenario {
  return parseScenario(readFileSync(path, 'utf8'));
}

export function parseScenario(text: string): Scenario {
  let scenario: unknown;
  try {
    scenario = parse(text);
  } catch (error) {
    throw new ScenarioNotUnderstood((error as Error).message, { cause: error });
  }
  return checkScenario(scenario);
}

export function checkScenario(scenario: unknown): Scenario {
  if (!validate(scenario)) {
    const faults = (validate.errors ?? [])
      .filter(({ keyword }) => keyword !== 'anyOf')
      .map(({ instancePath, message, params }) => {
        const { additionalProperty } = params as { additionalProperty?: string };
        const at = instancePath || 'the file';
        return additionalProperty ? `${at}: unknown field "${additionalProperty}"` : `${at} ${message}`;
      });
    throw new ScenarioNotUnderstood([...new Set(faults)].slice(0, 5).join('; '));
  }
  const read = scenario as Scenario;
  if (!read.definition && !read.refused)
    throw new ScenarioNotUnderstood('it has neither a definition to play nor refused ones');
  if (read.definition && !read.expect) throw new ScenarioNotUnderstood('it expects nothing');
  for (const fault of read.faults ?? []) {
    const unknown = 'events' in fault ? fault.events.find((event) => !EVENT.test(event)) : undefined;
    if (unknown !== undefined) throw new ScenarioNotUnderstood(`unknown event "${unknown}"`);
  }
  if (!read.definition && (read.services ?? read.expect ?? read.rerun))
    throw new ScenarioNotUnderstood('it says what comes of a run, and has no definition');
  if (
    (read.expect && Object.keys(read.expect).length === 0) ||
    (!read.definition && read.refused?.length === 0)
  )
    throw new ScenarioNotUnderstood('it expects nothing');
  if (read.rerun && !isRerun(read.rerun.command))
    throw new ScenarioNotUnderstood('the command of `rerun` is not "rerun"');
  checkAnswers({ ...read.services }, '');
  checkAnswers({ ...read.rerun?.services }, 'rerun: ');
  checkNames(read);
  return read;
}

/** A misspelt block would hold nothing back, and be settled never: such a file would pass for the wrong reason. */
function checkNames({
  definition,
  services = {},
  faults = [],
  atQuiet,
  control = [],
  rerun,
}: Scenario): void {
  if (!definition) return;
  const blocks = new Set(definition.blocks.map(({ id }) => id));
  const quiets = [atQuiet, ...control.map((step) => step.atQuiet)];
  const tasks = [
    ...faults.map((fault) => ('hold' in fault ? fault.hold : fault.task)),
    ...quiets.flatMap((quiet) =>
      quiet !== null && typeof quiet === 'object' ? [...(quiet.settled ?? []), ...(quiet.notMade ?? [])] : [],
    ),
    ...control.flatMap(({ after }) =>
      after && typeof after.settled !== 'number' ? [after.settled].flat() : [],
    ),
  ];
  const named = [
    ...tasks.map(({ block }) => block),
    ...Object.keys(services),
    ...Object.keys(rerun?.services ?? {}),
  ];
  const unknown = named.find((block) => !blocks.has(block));
  if (unknown !== undefined) throw new ScenarioNotUnderstood(`no block is called "${unknown}"`);
}

function isRerun(command: Command): boolean {
  return command === 'rerun' || (typeof command === 'object' && 'rerun' in command);
}

function checkAnswers(services: Record<string, Answer[]>, where: string): void {
  for (const [block, entries] of Object.entries(services)) {
    const seen = new Set<string>();
    for (const { key, sample, afterRetry, ...answer } of entries) {
      const name = `${where}${block} "${key}" sample ${sample}`;
      if (seen.has(name)) throw new ScenarioNotUnderstood(`two answers for ${name}`);
      seen.add(name);
      for (const { result, outputs, picks, error } of [answer, afterRetry ?? {}]) {
        const given = [result, outputs, picks, error].filter((one) => one !== undefined);
        if (given.length > 1)
          throw new ScenarioNotUnderstood(`more than one of result, outputs, picks and error for ${name}`);
      }
    }
  }
}

export function manifestsOf({ types }: Scenario): BlockManifest[] {
  return Object.entries(types).map(([type, { input, output, samples = false, reads, raw }]) => ({
    type,
    version: 1,
    title: type,
    description: type,
    input,
    output,
    samples,
    with: { type: 'object' },
    ...(reads === undefined ? {} : { reads: reads as 'all' }),
    ...(raw === undefined ? {} : { raw }),
  }));
}
