import { hashJson } from '@duofactory/contracts';
import type { Plan } from '@duofactory/engine';
import { Answers } from './answers.js';
import { brokenInvariants } from './broken-invariants.js';
import type { Difference } from './difference.js';
import { playRun, type RunPlay } from './play-run.js';
import { manifestsOf, type Command, type Expectation, type Scenario } from './scenario.js';
import { Stage, type Surroundings } from './stage.js';

/** What a fan-out may make in one step: what is made in pieces comes to the same. */
const MOST_ROWS = [1, 2, 3, undefined];

/** Plays a scenario once, by the choices of a seed. Returns what differs from the file, and broken invariants. */
export async function playScenario(
  scenario: Scenario,
  on: Surroundings,
  seed: number,
): Promise<Difference[]> {
  const stage = new Stage(on, MOST_ROWS[seed % MOST_ROWS.length]);
  await stage.open(manifestsOf(scenario));
  try {
    return [...(await refusals(scenario, stage)), ...(await plays(scenario, on, stage, seed))];
  } finally {
    await stage.close();
  }
}

async function refusals({ refused = [] }: Scenario, stage: Stage): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const { code, block, definition } of refused) {
    const document = { kind: 'workflow', id: 'refused', ...definition };
    const faults = await stage.parts.publish.validate(document);
    if (faults.some((fault) => fault.code === code && fault.block === block)) continue;
    differences.push({
      what: 'refused',
      expected: `${code} at ${block}`,
      got:
        faults.map((fault) => `${fault.code} at ${fault.block ?? fault.field}`).join(', ') || 'nothing wrong',
    });
  }
  return differences;
}

async function plays(
  scenario: Scenario,
  on: Surroundings,
  stage: Stage,
  seed: number,
): Promise<Difference[]> {
  const { definition, expect, rerun } = scenario;
  if (!definition || !expect) return [];
  const workflow = await publish(scenario, stage);
  const { id: run } = await stage.parts.start.execute({ workflow, inputs: {} });
  const { plan } = await stage.parts.plans.of(on.database, workflow, 1);
  const answers = new Answers(scenario.services ?? {}, scenario.faults ?? []);
  const { atQuiet, control = [], then = [] } = scenario;
  const commands = then.map((one) => one.command);
  const played = await playRun({ stage, on, run, plan, answers, control, atQuiet, then: commands, seed });
  const differences = [
    ...(await compare(stage, run, plan, expect, played)),
    ...differ('statusBeforeRetry', expect.statusBeforeRetry, played.statusBeforeRetry),
    ...(await invariants(on, plan, run)),
  ];
  if (!rerun || differences.length > 0) return differences;
  const again = await stage.parts.rerun.execute({ run, ...rerunOf(rerun.command) });
  const replayed = await playRun({
    stage,
    on,
    run: again.id,
    plan,
    answers: answers.with(rerun.services ?? {}),
    control: [],
    atQuiet: undefined,
    then: [],
    seed,
  });
  const published = rerun.expect.published?.map((one) => `${one.block} "${one.key}" ${one.sample ?? 1}`);
  return [
    ...(await compare(stage, again.id, plan, rerun.expect, replayed)),
    ...differ('published', published?.sort(), [...replayed.published].sort()),
    ...(await invariants(on, plan, again.id)),
  ].map((one) => ({ ...one, what: `rerun ${one.what}` }));
}

/** The name of a workflow is its content's: plays of a file share one version. */
async function publish(scenario: Scenario, stage: Stage): Promise<string> {
  const definition = scenario.definition!;
  const id = `scenario-${hashJson({ definition, types: scenario.types }).slice(0, 24)}`;
  const blocks = definition.blocks.map((block) => ({
    ...block,
    retry: { base: '0ms', ...(block['retry'] as object | undefined) },
  }));
  await stage.parts.publish.publish(id, { kind: 'workflow', id, ...definition, blocks });
  return id;
}

function rerunOf(command: Command): { from?: string; key?: string; inputs?: Record<string, unknown> } {
  return typeof command === 'object' && 'rerun' in command ? command.rerun : {};
}

async function compare(
  stage: Stage,
  run: string,
  plan: Plan,
  expect: Expectation,
  played: RunPlay,
): Promise<Difference[]> {
  const { runs } = stage.parts;
  const { status, blocks } = await runs.show(run);
  const differences = [...played.differences, ...differ('status', expect.status, status)];
  for (const [block, keys] of Object.entries(expect.payloads ?? {})) {
    const known = plan.byId.has(block);
    const page = known ? (await runs.results(run, { block, limit: 100_000 })).payloads : [];
    const got = known ? page.map(({ key }) => key) : 'no such block';
    differences.push(...differ(`payloads of ${block}`, keys, got));
  }
  for (const [block, seen] of Object.entries(expect.sees ?? {})) {
    const page = plan.byId.has(block) ? (await runs.results(run, { block, limit: 100_000 })).payloads : [];
    for (const [key, names] of Object.entries(seen)) {
      const payload = page.find((one) => one.key === key);
      const got = payload ? Object.keys(payload.blockResults).sort() : 'no such payload';
      differences.push(...differ(`what ${block} "${key}" sees`, [...names].sort(), got));
    }
  }
  for (const [block, tasks] of Object.entries(expect.tasks ?? {})) {
    const got = blocks.find((one) => one.block === block)?.tasks ?? 'no such block';
    differences.push(...differ(`tasks of ${block}`, tasks, got));
  }
  for (const [block, scope] of Object.entries(expect.scopes ?? {})) {
    const got = plan.byId.get(block)?.scope ?? 'it never waits';
    differences.push(...differ(`scope of ${block}`, scope, got));
  }
  return differences;
}

async function invariants({ database }: Surroundings, plan: Plan, run: string): Promise<Difference[]> {
  const broken = await brokenInvariants(database, plan, run);
  return broken.map((got) => ({ what: 'invariant', expected: 'to hold', got }));
}

/** What the file does not say is not compared. */
function differ(what: string, expected: unknown, got: unknown): Difference[] {
  if (expected === undefined || JSON.stringify(expected) === JSON.stringify(got)) return [];
  return [{ what, expected, got }];
}
