import {
  blockRequestedTopic,
  type BlockManifest,
  type BlockRequested,
  effectsReusedV1,
  type EffectsReused,
} from '@duofactory/contracts';
import type { Expressions } from '@duofactory/expressions';
import { LocalBus, Outbox, OutboxRelay } from '@duofactory/messaging';
import type { ObjectStore } from '@duofactory/objects';
import { ManualClock, Metrics, NoTracing, createLogger, type Database } from '@duofactory/platform';
import { AdvanceRuns } from '../app/advance/advance-runs.js';
import type { BlockOutcome } from '../app/advance/block-outcome.js';
import { CancelRun } from '../app/commands/cancel-run.js';
import { DecideRuns } from '../app/advance/decide-runs.js';
import { Drafts } from '../app/workflows/drafts.js';
import { ExpandRuns } from '../app/advance/expand-runs.js';
import { ForecastRerun } from '../app/commands/forecast-rerun.js';
import { LiftHolds } from '../app/advance/lift-holds.js';
import { PauseRun } from '../app/commands/pause-run.js';
import { Plans } from '../app/advance/plans.js';
import { PublishWorkflow } from '../app/workflows/publish-workflow.js';
import { ReadHistory } from '../app/history/read-history.js';
import { ReadLineage } from '../app/history/read-lineage.js';
import { ReadPayloads } from '../app/history/read-payloads.js';
import { ReadTaskInput } from '../app/history/read-task-input.js';
import { ReadRuns } from '../app/history/read-runs.js';
import { ReadWorkflows } from '../app/workflows/read-workflows.js';
import { OpenWork } from '../app/advance/open-work.js';
import { References } from '../app/workflows/references.js';
import { RerunRun } from '../app/commands/rerun-run.js';
import { RetryRun } from '../app/commands/retry-run.js';
import { RunMetrics } from '../app/advance/run-metrics.js';
import { RunTraces } from '../app/advance/run-traces.js';
import { StartRun } from '../app/commands/start-run.js';
import { registerBlockType } from '../store/block-types.js';

/** What plays share: a database of their own, and the thread for expressions. */
export interface Surroundings {
  readonly database: Database;
  readonly expressions: Expressions;
  readonly objects: ObjectStore;
}

const OUTBOX_SWEEP_MS = 6000;
const log = createLogger('scenarios', { level: 'silent' });

/**
 * The orchestrator's own code on a clock that is turned by hand: store, outbox and local bus are real. Its process
 * state can be dropped and read anew, also between a commit and its publication.
 */
export class Stage {
  readonly clock = new ManualClock();
  /** Requests that came since they were last taken. */
  readonly #requests: BlockRequested[] = [];
  readonly #reuses: EffectsReused[] = [];
  readonly #bus = new LocalBus({ log });
  readonly #outbox = new Outbox();
  readonly #relay: OutboxRelay;
  #parts: ReturnType<Stage['boot']>;

  constructor(
    private readonly on: Surroundings,
    /** What a fan-out may make in one step; undefined: as ever. */
    private readonly mostRows?: number,
  ) {
    const now = (): Date => this.clock.now();
    this.#relay = new OutboxRelay({ bus: this.#bus, outbox: this.#outbox, sql: on.database, log, now });
    this.#parts = this.boot(this.#relay);
  }

  async open(manifests: readonly BlockManifest[]): Promise<void> {
    const topics = manifests.map(({ type }) => blockRequestedTopic(type));
    await this.#bus.ensureTopics(topics.map((name) => ({ name })));
    if (topics.length > 0) {
      await this.#bus.subscribe({
        group: 'scenario',
        topics,
        each: (event) => {
          this.#requests.push(event.data as BlockRequested);
          return Promise.resolve();
        },
      });
    }
    await this.#bus.subscribe({
      group: 'scenario',
      topics: [effectsReusedV1.topic],
      each: async ({ data }) => void this.#reuses.push(data as EffectsReused),
    });
    await this.#bus.start();
    const now = this.clock.now();
    for (const manifest of manifests)
      await registerBlockType(this.on.database, { service: 'scenario', manifest, now });
  }

  async close(): Promise<void> {
    await this.#relay.stop();
    await this.#bus.stop();
  }

  /** A new process: nothing in memory but the database. */
  restart(): void {
    this.#parts = this.boot(this.#relay);
  }

  /** Settles, and dies between commit and publication. */
  async settleAndDie(outcomes: readonly BlockOutcome[]): Promise<void> {
    const mute = Object.assign(Object.create(this.#relay) as OutboxRelay, { published: () => undefined });
    await this.boot(mute).advance.settle(outcomes);
    this.restart();
  }

  get parts(): ReturnType<Stage['boot']> {
    return this.#parts;
  }

  /** What services were asked since the last time. */
  async take(): Promise<BlockRequested[]> {
    await this.#relay.drain();
    return this.#requests.splice(0);
  }

  /** What was told to be used again since the last time. */
  async takeReuses(): Promise<EffectsReused[]> {
    await this.#relay.drain();
    return this.#reuses.splice(0);
  }

  /** What the sweeps of a living process do: lost publications, back-offs that are over, lost attempts, deadlines. */
  async sweep(): Promise<void> {
    this.clock.advance(OUTBOX_SWEEP_MS);
    await this.#relay.sweep();
    await this.#parts.advance.sweep();
    await this.#parts.holds.sweep();
  }

  private boot(relay: OutboxRelay) {
    const { database, expressions, objects } = this.on;
    const plans = new Plans();
    const references = new References();
    const openWork = new OpenWork(database);
    const watchers = {
      openWork,
      metrics: new RunMetrics(new Metrics(false), database, openWork, plans),
      traces: new RunTraces(new NoTracing()),
    };
    const { clock, mostRows } = this;
    const advance = new AdvanceRuns(database, plans, this.#outbox, relay, clock, watchers, mostRows);
    const publish = new PublishWorkflow(database, references, this.clock);
    const drafts = new Drafts(database, publish, this.clock);
    const rerun = new RerunRun(database, advance, references, plans, drafts);
    const pause = new PauseRun(advance);
    return {
      plans,
      advance,
      decide: new DecideRuns(database, plans, advance, expressions, objects, this.clock, log),
      expand: new ExpandRuns(database, advance, this.clock, log),
      publish,
      drafts,
      start: new StartRun(database, advance, references, plans, drafts),
      rerun,
      forecast: new ForecastRerun(advance, rerun, drafts, expressions, objects),
      retry: new RetryRun(advance),
      pause,
      holds: new LiftHolds(database, pause, this.clock),
      cancel: new CancelRun(advance),
      runs: new ReadRuns(database, plans),
      lineage: new ReadLineage(database, plans),
      history: new ReadHistory(database, plans),
      workflows: new ReadWorkflows(database),
      payloads: new ReadPayloads(database, plans),
      taskInput: new ReadTaskInput(database, plans),
    };
  }
}
