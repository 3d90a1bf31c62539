import type { Plan } from '@duofactory/engine';
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

type Joined = ReturnType<typeof listOf>;

const MOST_LISTS = 16;
/** Payloads of all lists together; the last one is kept however long it is. */
const MOST_KEPT = 200_000;

/** The list of an `all` task, in payload order, a page at a time. */
export class ReadPayloads {
  /** A task's list never changes: reading 100,000 payloads by pages joins them once. Of the last tasks. */
  readonly #lists = new Map<string, Joined>();

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
    const joined = this.#lists.get(taskId) ?? (await this.#join(task, plan));
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

  async #join(
    task: { id: string; run: string; block: string; key: string; sample: number },
    plan: Plan,
  ): Promise<Joined> {
    const { id, run, block, key } = task;
    const joined = listOf(plan, task, await readWaiting(this.database, [{ run, block, key }]));
    this.#keep(id, joined);
    return joined;
  }

  #keep(id: string, joined: Joined): void {
    this.#lists.set(id, joined);
    let kept = 0;
    for (const { length } of this.#lists.values()) kept += length;
    for (const [oldest, { length }] of this.#lists) {
      if (oldest === id || (this.#lists.size <= MOST_LISTS && kept <= MOST_KEPT)) return;
      this.#lists.delete(oldest);
      kept -= length;
    }
  }
}
