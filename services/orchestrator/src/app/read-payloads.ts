import type { Database } from '@duofactory/platform';
import { Problem } from '@duofactory/platform';
import { readWaiting } from '../store/groups.js';
import { readResults } from '../store/read-results.js';
import { readTask } from '../store/runs.js';
import { listOf } from './all-list.js';
import type { Plans } from './plans.js';
import { blockResults, payloadSights, rowsToRead } from './task-input.js';

export interface PayloadPage {
  readonly payloads: { key: string; blockResults: Record<string, unknown> }[];
  /** Position of the next page; absent on the last. */
  readonly next?: number;
}

/** The list of an `all` task, in payload order, a page at a time. */
export class ReadPayloads {
  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
  ) {}

  async execute(taskId: string, from: number, limit: number): Promise<PayloadPage> {
    const task = await readTask(this.database, taskId);
    if (!task) {
      throw new Problem({
        status: 404,
        code: 'unknown-task',
        title: 'Unknown task',
        detail: `No task has the id ${taskId}`,
      });
    }
    const { plan } = await this.plans.of(this.database, task.workflow, task.version);
    const block = plan.byId.get(task.block)!;
    const waiting = await readWaiting(this.database, [{ run: task.run, block: task.block, key: task.key }]);
    const joined = listOf(plan, task, waiting);
    const page = joined.slice(from, from + limit);

    const sights = payloadSights(plan, block);
    const wanted = new Map(
      page.flatMap(({ key }) =>
        rowsToRead(plan, sights, key).map(
          (row) => [`${row.block}\n${row.key}`, { run: task.run, ...row }] as const,
        ),
      ),
    );
    const rows = await readResults(this.database, [...wanted.values()]);
    const rowOf = new Map(rows.map((row) => [`${row.block}\n${row.key}`, row]));
    const payloads = page.map(({ key }) => ({
      key,
      blockResults: blockResults(plan, sights, key, (id, at) => rowOf.get(`${id}\n${at}`)),
    }));
    return from + limit < joined.length ? { payloads, next: from + limit } : { payloads };
  }
}
