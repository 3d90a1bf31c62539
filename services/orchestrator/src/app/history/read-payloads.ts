import type { Plan } from '@duofactory/engine';
import type { Database } from '@duofactory/platform';
import { Problem } from '@duofactory/platform';
import { readWaiting } from '../../store/groups.js';
import { readResults } from '../../store/read-results.js';
import { readTask } from '../../store/runs.js';
import { listOf } from './all-list.js';
import type { Plans } from '../advance/plans.js';
import { blockResults, payloadSights, rowsToRead } from '../advance/task-input.js';

export interface PagedPayload {
  readonly key: string;
  readonly blockResults: Record<string, unknown>;
  /** By block, where in the page's `shared` its result is. */
  readonly sharedResults?: Record<string, number>;
}

export interface PayloadPage {
  readonly payloads: readonly PagedPayload[];
  /** Results that several payloads of the page see: all that came of one fan-out see what it came of. */
  readonly shared?: readonly unknown[];
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

  /** `shared`: what several of the page see is told once, apart from them. */
  async execute(
    taskId: string,
    { from, limit, shared = false }: { from: number; limit: number; shared?: boolean },
  ): Promise<PayloadPage> {
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
    const told = shared ? toldOnce(payloads) : { payloads };
    return from + limit < joined.length ? { ...told, next: from + limit } : told;
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

/** A row that several payloads see is one value in memory. */
function toldOnce(payloads: readonly PagedPayload[]): Pick<PayloadPage, 'payloads' | 'shared'> {
  const times = new Map<unknown, number>();
  for (const { blockResults } of payloads)
    for (const value of Object.values(blockResults)) times.set(value, (times.get(value) ?? 0) + 1);
  const places = new Map<unknown, number>();
  const apart = payloads.map(({ key, blockResults }) => {
    const own: Record<string, unknown> = {};
    const sharedResults: Record<string, number> = {};
    for (const [block, value] of Object.entries(blockResults)) {
      if (times.get(value) === 1) {
        own[block] = value;
        continue;
      }
      const place = places.get(value) ?? places.size;
      places.set(value, place);
      sharedResults[block] = place;
    }
    return { key, blockResults: own, sharedResults };
  });
  return { payloads: apart, shared: [...places.keys()] };
}
