import { readTraceparent, type Database } from '@duofactory/platform';
import { readAttempts, type LineageAttempt } from '../../store/read-lineage.js';
import { readTaskToShow, type ShownTask } from '../../store/read-task.js';
import { unknownTask } from './read-task-input.js';
import { remedyOf } from './remedies.js';

export interface TaskDetail extends Omit<ShownTask, 'traceparent'> {
  /** What to do about its error; null: it has none. */
  readonly remedy: string | null;
  /** Under which its run is found where traces are kept; null: nothing traces it. */
  readonly traceId: string | null;
  readonly attempts: readonly Omit<LineageAttempt, 'task' | 'usage'>[];
}

/** How often a task was tried, by whom, and what to do about it. */
export class ShowTask {
  constructor(private readonly database: Database) {}

  async execute(id: string): Promise<TaskDetail> {
    const task = await readTaskToShow(this.database, id);
    if (!task) throw unknownTask(id);
    const { traceparent, ...shown } = task;
    const attempts = await readAttempts(this.database, [id]);
    const last = attempts.at(-1)?.error as { retryable?: boolean } | null | undefined;
    return {
      ...shown,
      remedy: task.error ? remedyOf(task.error, last?.retryable === true) : null,
      traceId: readTraceparent(traceparent ?? undefined)?.traceId ?? null,
      attempts: attempts.map(({ task: _, usage: __, ...attempt }) => attempt),
    };
  }
}
