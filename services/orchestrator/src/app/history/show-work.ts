import type { Clock, Database } from '@duofactory/platform';
import { listBlockTypes } from '../../store/block-types.js';
import { countEndedTasks, oldestRequests } from '../../store/work-by-type.js';
import type { OpenWork } from '../advance/open-work.js';
import type { Plans } from '../advance/plans.js';

const HOUR_MS = 3_600_000;
/** What ended is counted over so many runs at most, the newest. */
const MOST_RUNS = 10_000;

/** The work of one block type, over all runs. */
export interface TypeWork {
  readonly type: string;
  readonly service: string;
  /** Wait for their block's concurrency. */
  readonly ready: number;
  /** Are out at the service: its queue, and what it works on. */
  readonly requested: number;
  /** Wait for a back-off, or for an expression. */
  readonly held: number;
  /** Of the requested, the one that is out longest, as far as is looked: over the 500 open blocks whose runs began first. */
  readonly oldestSeen: {
    readonly run: string;
    readonly workflow: string;
    readonly block: string;
    readonly task: string;
    readonly requestedAt: Date;
  } | null;
  /** Of runs that began lately. */
  readonly done: number;
  readonly failed: number;
  /** Of what ended; null: nothing did. */
  readonly failureRate: number | null;
  /** The newest run in which one failed, and the block. */
  readonly lastFailure: { readonly run: string; readonly workflow: string; readonly block: string } | null;
}

/** Which block types fail, and which have work that nobody takes. */
export class ShowWork {
  constructor(
    private readonly database: Database,
    private readonly openWork: OpenWork,
    private readonly plans: Plans,
    private readonly clock: Clock,
  ) {}

  /** Those that fail most stand first, then those that have most to do. */
  async execute(hours: number): Promise<{ since: Date; types: TypeWork[] }> {
    const since = new Date(this.clock.now().getTime() - hours * HOUR_MS);
    const types = new Map<string, Growing>(
      (await listBlockTypes(this.database)).map(({ service, manifest: { type } }) => [
        type,
        { ...NOTHING, type, service },
      ]),
    );
    for (const { ready, requested, held, ...of } of await this.openWork.look()) {
      const work = await this.#of(types, of);
      work.ready += ready;
      work.requested += requested;
      work.held += held;
    }
    for (const { version, ...one } of await oldestRequests(this.database)) {
      const work = await this.#of(types, { ...one, version });
      if (work.oldestSeen === null || one.requestedAt < work.oldestSeen.requestedAt) work.oldestSeen = one;
    }
    for (const { done, failed, failedIn, failedInAt, ...of } of await countEndedTasks(
      this.database,
      since,
      MOST_RUNS,
    )) {
      const work = await this.#of(types, of);
      work.done += done;
      work.failed += failed;
      if (failedIn === null || (work.failedInAt !== null && failedInAt! <= work.failedInAt)) continue;
      work.failedInAt = failedInAt;
      work.lastFailure = { run: failedIn, workflow: of.workflow, block: of.block };
    }
    const told = [...types.values()].map(({ failedInAt: _, ...work }): TypeWork => {
      const ended = work.done + work.failed;
      return { ...work, failureRate: ended === 0 ? null : work.failed / ended };
    });
    return { since, types: told.sort(byTrouble) };
  }

  async #of(
    types: Map<string, Growing>,
    { workflow, version, block }: { workflow: string; version: number; block: string },
  ): Promise<Growing> {
    const { plan } = await this.plans.of(this.database, workflow, version);
    const { type } = plan.byId.get(block)!;
    let work = types.get(type);
    // No service announces it any more: its tasks wait for one.
    if (!work) types.set(type, (work = { ...NOTHING, type, service: '' }));
    return work;
  }
}

interface Growing extends Omit<{ -readonly [name in keyof TypeWork]: TypeWork[name] }, 'failureRate'> {
  failedInAt: Date | null;
}

const NOTHING = {
  ...{ ready: 0, requested: 0, held: 0, oldestSeen: null, done: 0, failed: 0 },
  ...{ lastFailure: null, failedInAt: null },
};

function byTrouble(a: TypeWork, b: TypeWork): number {
  return (
    (b.failureRate ?? 0) - (a.failureRate ?? 0) ||
    b.requested + b.ready - (a.requested + a.ready) ||
    a.type.localeCompare(b.type)
  );
}
