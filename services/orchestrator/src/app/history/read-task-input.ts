import { Problem, type Database } from '@duofactory/platform';
import { readResults } from '../../store/read-results.js';
import { readRunsToReuse, readTask } from '../../store/runs.js';
import type { Plans } from '../advance/plans.js';
import { pinned } from '../advance/step/request-tasks.js';
import { rowsToRead, sightsOfInput, taskInput } from '../advance/task-input.js';

/** What a service was asked with, as `block-requested` carries it. */
export interface GivenInput {
  readonly task: string;
  readonly run: string;
  readonly block: string;
  readonly type: string;
  readonly sample: number;
  /** The configuration: templates resolved, references as the run pinned them. */
  readonly with: Readonly<Record<string, unknown>>;
  readonly payload: { readonly key: string; readonly blockResults: Readonly<Record<string, unknown>> };
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What a task was given. */
export class ReadTaskInput {
  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
  ) {}

  async execute(id: string): Promise<GivenInput> {
    const task = await readTask(this.database, id);
    const [run] = task ? await readRunsToReuse(this.database, [task.run]) : [];
    if (!task || !run) throw unknownTask(id);
    const { plan, manifests, definition } = await this.plans.of(this.database, task.workflow, task.version);
    const block = plan.byId.get(task.block)!;
    const manifest = manifests.get(block.type)!;
    const variables = definition.variables ?? {};
    const wanted = rowsToRead(plan, sightsOfInput(plan, block, manifest), task.key);
    const rows = await readResults(
      this.database,
      wanted.map((row) => ({ run: run.id, ...row })),
    );
    const found = new Map(rows.map((row) => [`${row.block}\n${row.key}`, row]));
    const read = (name: string, key: string) => found.get(`${name}\n${key}`);
    const input = taskInput({ plan, manifest, task, inputs: run.inputs, variables, read });
    if ('error' in input) {
      const { code, message } = input.error;
      throw new Problem({ status: 409, code, title: 'The task has no input', detail: message });
    }
    return {
      ...{ task: id, run: run.id, block: block.id, type: block.type, sample: task.sample },
      with: pinned(input.with, run.pins[block.id]),
      payload: { key: task.key, blockResults: input.blockResults },
      ...{ inputs: run.inputs, variables },
    };
  }
}

export function unknownTask(id: string): Problem {
  const detail = `No task has the id ${id}`;
  return new Problem({ status: 404, code: 'unknown-task', title: 'Unknown task', detail });
}
