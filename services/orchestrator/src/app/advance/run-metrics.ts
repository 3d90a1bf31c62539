import type { Counter, Database, Histogram, Metrics } from '@duofactory/platform';
import { performance } from 'node:perf_hooks';
import { countLetters, countOpenRuns } from '../../store/figures.js';
import type { OpenWork } from './open-work.js';
import type { Plans } from './plans.js';

/** Where a task went. `backoff`: its attempt failed and is tried again; `lost`: nobody answered an attempt. */
export const TRANSITIONS = ['requested', 'done', 'failed', 'backoff', 'lost'] as const;
export type Transitions = Record<(typeof TRANSITIONS)[number], number>;

/** What one transaction did, by block type. */
export class TransitionCount {
  readonly byType = new Map<string, Transitions>();

  add(type: string, to: keyof Transitions): void {
    let counts = this.byType.get(type);
    if (!counts) this.byType.set(type, (counts = { requested: 0, done: 0, failed: 0, backoff: 0, lost: 0 }));
    counts[to] += 1;
  }
}

const MOST_OFTEN_MS = 10_000;
/** A look at the open runs takes at most this share of the time of one connection. */
const MOST_SHARE = 0.02;

/** What the orchestrator counts. Its tasks are never read for it: the counters of open runs say as much. */
export class RunMetrics {
  readonly #transitions: Counter<'type' | 'to'>;
  readonly #outcomes: Histogram;
  readonly #seconds: Histogram;
  #lookAgainAtMs = 0;

  constructor(metrics: Metrics, database: Database, openWork: OpenWork, plans: Plans) {
    this.#transitions = metrics.counter({
      name: 'duofactory_task_transitions_total',
      help: 'Tasks that went to requested, done, failed, backoff or lost, by block type',
      labels: ['type', 'to'],
    });
    this.#outcomes = metrics.histogram({
      name: 'duofactory_transaction_outcomes',
      help: "Outcomes of attempts that one of the orchestrator's transactions took in",
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    });
    this.#seconds = metrics.histogram({
      name: 'duofactory_transaction_seconds',
      help: "How long the orchestrator's transactions took, waits for locks included",
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
    });
    const runs = metrics.gauge({
      name: 'duofactory_runs',
      help: 'Runs that have not ended, by status',
      labels: ['status'],
    });
    const tasks = metrics.gauge({
      name: 'duofactory_tasks',
      help: 'Tasks of runs that have not ended, by block type and state',
      labels: ['type', 'state'],
    });
    const letters = metrics.gauge({
      name: 'duofactory_dead_letters_kept',
      help: 'Dead letters that nobody has redriven, counted up to 10,000',
    });
    metrics.beforeScrape('runs', async () => {
      const began = performance.now();
      if (began < this.#lookAgainAtMs) return;
      this.#lookAgainAtMs = began + MOST_OFTEN_MS;
      const byStatus = await countOpenRuns(database);
      const byBlock = await openWork.look();
      letters.set(await countLetters(database));
      for (const gauge of [runs, tasks]) gauge.reset();
      for (const row of byStatus) runs.set({ status: row.status }, row.runs);
      for (const { workflow, version, block, ...states } of byBlock) {
        const { plan } = await plans.of(database, workflow, version);
        const { type } = plan.byId.get(block)!;
        for (const state of ['ready', 'requested', 'held'] as const)
          tasks.inc({ type, state }, states[state]);
      }
      const tookMs = performance.now() - began;
      this.#lookAgainAtMs = began + Math.max(MOST_OFTEN_MS, tookMs / MOST_SHARE);
    });
  }

  /** After the commit of a transaction that began at `beganMs` of the process's clock. */
  committed({ byType }: TransitionCount, beganMs: number): void {
    this.#seconds.observe((performance.now() - beganMs) / 1000);
    for (const [type, counts] of byType)
      for (const to of TRANSITIONS) if (counts[to] > 0) this.#transitions.inc({ type, to }, counts[to]);
  }

  settled(outcomes: number): void {
    this.#outcomes.observe(outcomes);
  }
}
