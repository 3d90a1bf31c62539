import type { Backlog } from '@duofactory/testing/kafka';
import type { LedgerRow, RunState, State } from './state.js';
import type { Effect } from './vendor.js';
import { caseOf } from './workload.js';

const ENDED_WELL = new Set(['completed', 'partial']);

export interface Evidence {
  readonly state: State;
  /** Runs that nothing disturbed, one a case; runs inside them count too. */
  readonly undisturbed: ReadonlySet<string>;
  /** Runs that were asked for. */
  readonly wanted: readonly string[];
  readonly effects: readonly Effect[];
  readonly poison: readonly { topic: string; mark: string }[];
  /** Messages on dead-letter topics: their mark, if they were poison. */
  readonly letters: readonly { topic: string; mark: string | undefined; code: string }[];
  readonly backlogs: readonly Backlog[];
  readonly crashes: readonly string[];
}

export interface Verdict {
  readonly violations: readonly string[];
  /** Effects that happened again and that the ledger lists as interrupted. */
  readonly ambiguous: number;
}

/** Looks at what is left when everything is over, and says all that should not be. */
export async function check(evidence: Evidence): Promise<Verdict> {
  const { state } = evidence;
  const runs = await state.runs();
  const ledger = await state.ledger();
  const violations: string[] = [...evidence.crashes];
  const byId = new Map(runs.map((run) => [run.id, run]));
  for (const id of evidence.wanted)
    if (!byId.has(id)) violations.push(`run ${id} was acknowledged and does not exist`);

  const expected = await undisturbedCases(state, runs, evidence.undisturbed);
  for (const run of runs) violations.push(...(await wrongIn(state, run, expected)));
  for (const { task, times } of await state.settledTwice())
    violations.push(`task ${task} was settled ${times} times`);
  for (const { what } of await state.leftOpen()) violations.push(what);
  const { outbox } = await state.counts();
  if (outbox !== 0) violations.push(`${outbox} rows are left in the outboxes`);
  for (const { group, topic, partition, committed, end } of evidence.backlogs)
    violations.push(`group ${group} is at ${committed} of ${end} in ${topic}/${partition}`);
  violations.push(...wrongLetters(evidence));
  const { repeated, ambiguous } = wrongEffects(evidence.effects, ledger);
  violations.push(...repeated);
  return { violations, ambiguous };
}

interface Case {
  readonly status: string;
  readonly results: string;
  readonly tasks: string;
}

async function undisturbedCases(
  state: State,
  runs: readonly RunState[],
  undisturbed: ReadonlySet<string>,
): Promise<Map<string, Case>> {
  const cases = new Map<string, Case>();
  for (const run of runs) {
    if (!undisturbed.has(run.id) && !(run.parent && undisturbed.has(run.parent.run))) continue;
    cases.set(caseOf(run), {
      status: run.status,
      results: (await state.results(run.id)).join('\n'),
      tasks: (await state.tasks(run.id)).join('\n'),
    });
  }
  return cases;
}

async function wrongIn(state: State, run: RunState, expected: ReadonlyMap<string, Case>): Promise<string[]> {
  const wanted = expected.get(caseOf(run));
  const name = `run ${run.id} of ${run.workflow}`;
  if (!wanted) return [`${name} has no undisturbed run beside it`];
  // Commands reach the runs inside a run, and its task then begins another.
  if (run.parent && run.status === 'cancelled') return [];
  if (run.status !== wanted.status)
    return [`${name} is ${run.status} (${run.reason ?? 'no reason'}), not ${wanted.status}`];
  if (!ENDED_WELL.has(run.status)) return [];
  return [
    ...difference(`${name}: results`, wanted.results, (await state.results(run.id)).join('\n')),
    ...difference(`${name}: tasks`, wanted.tasks, (await state.tasks(run.id)).join('\n')),
  ];
}

function difference(name: string, wanted: string, got: string): string[] {
  if (wanted === got) return [];
  const [before, after] = [new Set(wanted.split('\n')), new Set(got.split('\n'))];
  const lines = [
    ...[...before].filter((line) => !after.has(line)).map((line) => `  missing ${line}`),
    ...[...after].filter((line) => !before.has(line)).map((line) => `  instead ${line}`),
  ];
  return [[`${name} differ from those of the undisturbed run`, ...lines.slice(0, 8)].join('\n')];
}

function wrongEffects(
  effects: readonly Effect[],
  ledger: readonly LedgerRow[],
): { repeated: string[]; ambiguous: number } {
  const nameOf = ({ lineage, block, key, sample, step }: Effect | LedgerRow): string =>
    [lineage, block, key, sample, step].join(' ');
  const known = Map.groupBy(ledger, nameOf);
  const repeated: string[] = [];
  let ambiguous = 0;
  // The request is part of the identity; one place asks for one thing only, but for the runs inside a run.
  for (const [name, same] of Map.groupBy(effects, nameOf)) {
    const rows = known.get(name) ?? [];
    const interrupted = rows.reduce((sum, row) => sum + row.interrupted, 0);
    const more = same.length - Math.max(1, rows.length);
    if (more > interrupted)
      repeated.push(`effect ${name} happened ${same.length} times; interrupted: ${interrupted}`);
    else if (more > 0) ambiguous += more;
  }
  for (const row of ledger)
    if (row.state === 'done' && !effects.some((effect) => nameOf(effect) === nameOf(row)))
      repeated.push(`effect ${nameOf(row)} is in the ledger and never happened`);
  return { repeated, ambiguous };
}

function wrongLetters({ poison, letters }: Evidence): string[] {
  const parked = new Set(letters.map(({ mark }) => mark));
  return [
    ...letters
      .filter(({ mark }) => mark === undefined)
      .map(({ topic, code }) => `a good message lies on ${topic}: ${code}`),
    ...poison
      .filter(({ mark }) => !parked.has(mark))
      .map(({ mark, topic }) => `${mark} on ${topic} was not parked`),
  ];
}
