import type { Ref } from '@duofactory/contracts';
import { compareOrd, taskId, type TaskRow, type Verdict } from '@duofactory/engine';
import { rootNames, type Expressions } from '@duofactory/expressions';
import type { ObjectStore } from '@duofactory/objects';
import { readResults } from '../../store/read-results.js';
import { readRunsToReuse, type ReusableRun } from '../../store/runs.js';
import type { Transaction } from '../../store/transaction.js';
import { lastTasks, readDeciding, readEvaluating, type AskedTask } from '../../store/undecided.js';
import type { PlannedVersion, Plans } from './plans.js';
import type { Decisions } from './step.js';
import { blockResults, inputSights, rowsToRead, type SeenResult } from './task-input.js';

const OF_EACH_RUN = 200;
/** What loops' last blocks made goes on when a loop ends, in the step that ends it: no step ends many large ones. */
const MOST_PAYLOADS = 5000;
/** Of what a failed expression has read, that much is kept with its task. */
const MOST_SEEN = 5;
const MOST_CHARACTERS = 300;

interface Run {
  readonly row: ReusableRun;
  readonly version: PlannedVersion;
}

/** An expression with the names that it sees. */
interface Question {
  readonly expression: string;
  readonly scope: Record<string, unknown>;
}

/** Evaluates the `when`s and `until`s of runs that are open, as far as one look reads them. */
export class EvaluateExpressions {
  constructor(
    private readonly tx: Transaction,
    private readonly plans: Plans,
    private readonly expressions: Expressions,
    private readonly objects: ObjectStore,
  ) {}

  /** What they came to; undefined: nothing was open. */
  async of(runs: readonly string[], signal: AbortSignal): Promise<Decisions | undefined> {
    const evaluating = await readEvaluating(this.tx, runs, OF_EACH_RUN);
    const deciding = await readDeciding(this.tx, runs, OF_EACH_RUN);
    if (evaluating.length + deciding.length === 0) return undefined;
    const last = atOnce(
      await lastTasks(
        this.tx,
        deciding.map((group) => ({
          ...group,
          task: taskId(group.run, group.block, group.key, group.round),
        })),
      ),
    );
    const known = await this.#runs(new Set([...evaluating, ...last].map(({ run }) => run)));
    const read = await this.#results(known, evaluating, last);
    const whens = evaluating.map((task) => this.#when(known.get(task.run)!, task, read(task.run)));
    const untils = last.map((task) => this.#until(known.get(task.run)!, task, read(task.run)));
    const verdicts = await this.#verdicts([...whens, ...untils], signal);
    return {
      whens: evaluating.map(({ run, id }, n) => ({ run, task: id, verdict: failedBy('when', verdicts[n]!) })),
      untils: last.map(({ run, block, key, sample }, n) => {
        const verdict = failedBy('until', verdicts[whens.length + n]!);
        return { run, block, key, round: sample, verdict };
      }),
    };
  }

  async #runs(ids: ReadonlySet<string>): Promise<Map<string, Run>> {
    const runs = new Map<string, Run>();
    for (const row of await readRunsToReuse(this.tx, [...ids]))
      runs.set(row.id, { row, version: await this.plans.of(this.tx, row.workflow, row.version) });
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
    for (const row of await readResults(this.tx, [...wanted.values()]))
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
  async #verdicts(questions: readonly Question[], signal: AbortSignal): Promise<Verdict[]> {
    const verdicts = new Map<Question, Verdict>();
    for (const [expression, asked] of Map.groupBy(questions, (one) => one.expression)) {
      const text = `$boolean((${expression}))`;
      const scopes = asked.map(({ scope }) => scope);
      try {
        const values = await this.expressions.evaluate(text, scopes, { signal });
        asked.forEach((question, n) => verdicts.set(question, { holds: values[n] === true }));
      } catch (error) {
        if (signal.aborted) throw error;
        for (const question of asked) verdicts.set(question, await this.#alone(text, question, signal));
      }
    }
    return questions.map((question) => verdicts.get(question)!);
  }

  async #alone(text: string, { expression, scope }: Question, signal: AbortSignal): Promise<Verdict> {
    try {
      const [value] = await this.expressions.evaluate(text, [scope], { signal });
      return { holds: value === true };
    } catch (error) {
      if (signal.aborted) throw error;
      const message = (error as Error).message.replace(text, expression);
      return { error: { code: 'expression-failed', message, saw: sawOf(expression, scope) } };
    }
  }
}

/** The first at least. The others stay open for the next look. */
function atOnce(tasks: readonly AskedTask[]): AskedTask[] {
  let payloads = 0;
  return tasks.filter(({ outcome }, n) => (payloads += outcome.length) <= MOST_PAYLOADS || n === 0);
}

/** What a person needs to see why: the rows may be gone when somebody asks. */
function sawOf(expression: string, scope: Readonly<Record<string, unknown>>): Record<string, string> {
  const names = rootNames(expression).slice(0, MOST_SEEN);
  return Object.fromEntries(names.map((name) => [name, shortened(scope[name])]));
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

function failedBy(field: 'when' | 'until', verdict: Verdict): Verdict {
  return 'error' in verdict ? { error: { ...verdict.error, field } } : verdict;
}
