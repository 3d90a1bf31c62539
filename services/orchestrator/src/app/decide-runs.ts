import type { Ref } from '@duofactory/contracts';
import { compareOrd, taskId, type TaskRow, type Verdict } from '@duofactory/engine';
import type { Expressions } from '@duofactory/expressions';
import type { ObjectStore } from '@duofactory/objects';
import type { Background, Clock, Database, Logger } from '@duofactory/platform';
import { readResults } from '../store/read-results.js';
import { readRunsToReuse, type ReusableRun } from '../store/runs.js';
import {
  findUndecidedRuns,
  lastTasks,
  readDeciding,
  readEvaluating,
  type AskedTask,
} from '../store/undecided.js';
import type { AdvanceRuns } from './advance-runs.js';
import type { PlannedVersion, Plans } from './plans.js';
import { blockResults, inputSights, rowsToRead, type SeenResult } from './task-input.js';

const SWEEP_EVERY_MS = 5000;
const RUNS_AT_ONCE = 50;
const OF_EACH_RUN = 200;

interface Run {
  readonly row: ReusableRun;
  readonly version: PlannedVersion;
}

/** An expression with the names that it sees. */
interface Question {
  readonly expression: string;
  readonly scope: Record<string, unknown>;
}

/**
 * Evaluates `when` and `until` after the commit that asked for it, outside of any lock, and brings what they came to
 * into the next step. What a crash left behind is found by looking every few seconds; whoever is first decides.
 */
export class DecideRuns implements Background {
  #pending = new Set<string>();
  #working: Promise<void> | undefined;
  #stopped = new AbortController();
  #callOff = (): void => undefined;

  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
    private readonly advance: AdvanceRuns,
    private readonly expressions: Expressions,
    private readonly objects: ObjectStore,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    this.advance.whenUndecided((runs) => this.#take(runs));
    await this.#sweep();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#callOff();
    await this.#working;
    await this.expressions.stop();
  }

  /** Evaluates what is open, of these runs or of all. Returns whether there was any. */
  async look(runs?: readonly string[]): Promise<boolean> {
    const asked = runs ?? (await findUndecidedRuns(this.database, RUNS_AT_ONCE));
    if (asked.length === 0) return false;
    const evaluating = await readEvaluating(this.database, asked, OF_EACH_RUN);
    const deciding = await readDeciding(this.database, asked, OF_EACH_RUN);
    if (evaluating.length + deciding.length === 0) return false;
    const last = await lastTasks(
      this.database,
      deciding.map((group) => ({
        ...group,
        task: taskId(group.run, group.block, group.key, group.round),
      })),
    );
    const known = await this.#runs(new Set([...evaluating, ...last].map(({ run }) => run)));
    const read = await this.#results(known, evaluating, last);
    const whens = evaluating.map((task) => this.#when(known.get(task.run)!, task, read(task.run)));
    const untils = last.map((task) => this.#until(known.get(task.run)!, task, read(task.run)));
    const verdicts = await this.#verdicts([...whens, ...untils]);
    await this.advance.decide({
      whens: evaluating.map(({ run, id }, n) => ({ run, task: id, verdict: failedBy('when', verdicts[n]!) })),
      untils: last.map(({ run, block, key, sample }, n) => {
        const verdict = failedBy('until', verdicts[whens.length + n]!);
        return { run, block, key, round: sample, verdict };
      }),
    });
    return true;
  }

  #take(runs: Iterable<string>): void {
    for (const run of runs) this.#pending.add(run);
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  async #work(): Promise<void> {
    while (this.#pending.size > 0 && !this.#stopped.signal.aborted) {
      const some = [...this.#pending].slice(0, RUNS_AT_ONCE);
      try {
        if (!(await this.look(some))) for (const run of some) this.#pending.delete(run);
      } catch (error) {
        // They are found again by the next sweep.
        for (const run of some) this.#pending.delete(run);
        if (!this.#stopped.signal.aborted)
          this.log.error({ err: error }, 'expressions were not decided, will be tried again');
      }
    }
  }

  async #sweep(): Promise<void> {
    try {
      const found = await findUndecidedRuns(this.database, RUNS_AT_ONCE);
      if (found.length > 0) this.#take(found);
    } catch (error) {
      this.log.error({ err: error }, 'sweep of expressions failed, will be tried again');
    }
    if (!this.#stopped.signal.aborted)
      this.#callOff = this.clock.setTimer(SWEEP_EVERY_MS, () => void this.#sweep());
  }

  async #runs(ids: ReadonlySet<string>): Promise<Map<string, Run>> {
    const runs = new Map<string, Run>();
    for (const row of await readRunsToReuse(this.database, [...ids]))
      runs.set(row.id, { row, version: await this.plans.of(this.database, row.workflow, row.version) });
    return runs;
  }

  /** The results that the questions are about, those kept by reference loaded. */
  async #results(
    runs: ReadonlyMap<string, Run>,
    evaluating: readonly (TaskRow & { run: string })[],
    last: readonly AskedTask[],
  ): Promise<(run: string) => (block: string, key: string) => SeenResult | undefined> {
    const keys = [
      ...evaluating.flatMap(({ run, block, key }) => {
        const { plan } = runs.get(run)!.version;
        return rowsToRead(plan, inputSights(plan, plan.byId.get(block)!), key).map((row) => ({
          run,
          ...row,
        }));
      }),
      ...last.flatMap(({ run, block, outcome }) => {
        const { plan } = runs.get(run)!.version;
        const { sees } = plan.byId.get(block)!;
        return outcome.flatMap(({ key }) => rowsToRead(plan, sees, key).map((row) => ({ run, ...row })));
      }),
    ];
    const wanted = new Map(keys.map((one) => [`${one.run}\n${one.block}\n${one.key}`, one]));
    const rows = new Map<string, SeenResult>();
    for (const row of await readResults(this.database, [...wanted.values()]))
      rows.set(`${row.run}\n${row.block}\n${row.key}`, await this.#loaded(row));
    return (run) => (block, key) => rows.get(`${run}\n${block}\n${key}`);
  }

  async #loaded<Row extends SeenResult>(row: Row): Promise<SeenResult> {
    if (!row.ref) return row;
    const bytes = await this.objects.get(row.ref as Ref);
    return { state: row.state, value: JSON.parse(Buffer.from(bytes).toString('utf8')) };
  }

  #when(
    { row, version }: Run,
    task: TaskRow,
    read: (block: string, key: string) => SeenResult | undefined,
  ): Question {
    const block = version.plan.byId.get(task.block)!;
    const results = blockResults(version.plan, inputSights(version.plan, block), task.key, read);
    return { expression: block.when!, scope: { ...version.definition.variables, ...row.inputs, ...results } };
  }

  #until(
    { row, version }: Run,
    task: AskedTask,
    read: (block: string, key: string) => SeenResult | undefined,
  ): Question {
    const block = version.plan.byId.get(task.block)!;
    const names = { ...version.definition.variables, ...row.inputs };
    const payloads = [...task.outcome]
      .sort((a, b) => compareOrd(a.ord, b.ord))
      .map((made) => ({
        ...names,
        ...blockResults(version.plan, block.sees, made.key, (id, key) =>
          id === block.id ? made : read(id, key),
        ),
        key: made.key,
      }));
    return { expression: block.repeat!.until!, scope: { ...names, round: task.sample, payloads } };
  }

  /** One call for all that ask the same; where that fails, each for itself, so that one bad payload fails alone. */
  async #verdicts(questions: readonly Question[]): Promise<Verdict[]> {
    const verdicts = new Map<Question, Verdict>();
    const { signal } = this.#stopped;
    for (const [expression, asked] of Map.groupBy(questions, (one) => one.expression)) {
      const text = `$boolean((${expression}))`;
      const scopes = asked.map(({ scope }) => scope);
      try {
        const values = await this.expressions.evaluate(text, scopes, { signal });
        asked.forEach((question, n) => verdicts.set(question, { holds: values[n] === true }));
      } catch (error) {
        if (signal.aborted) throw error;
        for (const question of asked) verdicts.set(question, await this.#alone(text, question));
      }
    }
    return questions.map((question) => verdicts.get(question)!);
  }

  async #alone(text: string, { expression, scope }: Question): Promise<Verdict> {
    const { signal } = this.#stopped;
    try {
      const [value] = await this.expressions.evaluate(text, [scope], { signal });
      return { holds: value === true };
    } catch (error) {
      if (signal.aborted) throw error;
      const message = (error as Error).message.replace(text, expression);
      return { error: { code: 'expression-failed', message } };
    }
  }
}

function failedBy(field: 'when' | 'until', verdict: Verdict): Verdict {
  return 'error' in verdict ? { error: { ...verdict.error, field } } : verdict;
}
