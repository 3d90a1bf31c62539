import { BlockFailure, ObjectsOnce, packed } from '@duofactory/block-kit';
import { uuidFrom, type BlockRequested, type Usage } from '@duofactory/contracts';
import type { Outcome } from '@duofactory/engine';
import { ObjectCorrupt, ObjectMissing, type ObjectStore } from '@duofactory/objects';
import { Problem, type Database } from '@duofactory/platform';
import {
  costOfChild,
  readFamily,
  unwantedChildren,
  type FamilyRow,
  type ParentTask,
} from '../../store/children.js';
import { findLateCosts, forgetLateCost, lateCostsOf, type LateCost } from '../../store/late-costs.js';
import type { Transaction } from '../../store/transaction.js';
import type { AdvanceRuns } from './advance-runs.js';
import type { BlockOutcome } from './block-outcome.js';
import { checkWorkflowBlock } from '../workflows/own-block-types.js';
import type { ReadRuns } from '../history/read-runs.js';
import type { StartRun } from '../commands/start-run.js';
import { RUN_USAGE } from './told-costs.js';

const DEEPEST = 8;
const PAGE = 500;
const TOLD_AT_ONCE = 100;
const ENDED_WELL = new Set(['completed', 'partial']);

/** Runs inside runs: a `workflow` block's attempt is a child run, and its end is the attempt's answer. */
export class ChildRuns {
  constructor(
    private readonly database: Database,
    private readonly advance: AdvanceRuns,
    private readonly startRun: StartRun,
    private readonly readRuns: ReadRuns,
    private readonly objects: ObjectStore,
  ) {}

  /**
   * Starts the child of an attempt; after one that failed it takes over what succeeded there. A second delivery finds
   * the first one's.
   */
  async start(request: BlockRequested, traceparent?: string): Promise<void> {
    const id = uuidFrom('child', request.task, request.attempt);
    const before = uuidFrom('child', request.task, request.attempt - 1);
    const family = await readFamily(this.database, [id, before, request.run]);
    const parent = family.find((one) => one.id === request.run);
    if (!parent) return;
    if (!family.some((one) => one.id === id))
      await this.#begin(id, parent, {
        ...{ request, traceparent },
        before: family.some((one) => one.id === before) ? before : undefined,
      });
    await this.#keepUp(id, request.run);
  }

  async #begin(
    id: string,
    parent: FamilyRow,
    {
      request,
      traceparent,
      before,
    }: { request: BlockRequested; traceparent: string | undefined; before: string | undefined },
  ): Promise<void> {
    const depth = (parent.parent?.depth ?? 0) + 1;
    if (depth > DEEPEST) {
      const message = `Runs inside runs go ${DEEPEST} deep: does the workflow run itself?`;
      return this.#answer({ ...request, kind: 'failed', error: terminal('too-deep', message) });
    }
    if (request.unresolved) {
      const message = 'Inputs of a run inside a run name a result over 256 KB: pass what is needed of it';
      return this.#answer({ ...request, kind: 'failed', error: terminal('input-too-large', message) });
    }
    const { run, task, attempt, lineage, deadlineAt } = request;
    try {
      const { workflow, inputs = {}, output } = checkWorkflowBlock(request.with) as unknown as Configuration;
      const child = {
        id,
        lineage,
        parent: {
          ...{ run, task, attempt, depth, output: output ?? null },
          above: [{ run, workflow: parent.workflow }, ...(parent.parent?.above ?? [])],
        },
        deadlineAt: deadlineAt === undefined ? null : new Date(deadlineAt),
        ...(before === undefined ? {} : { before }),
      };
      await this.startRun.execute({ workflow, inputs, child, traceparent });
    } catch (error) {
      if (!(error instanceof BlockFailure) && !isRefusal(error)) throw error;
      const failed = terminal(error.code, error.message);
      return this.#answer({ ...request, kind: 'failed', error: failed });
    }
  }

  /** Runs ended: of those that were children, the tasks of their parents have their answers. */
  async ended(runs: readonly string[]): Promise<void> {
    for (const row of await readFamily(this.database, runs))
      if (row.parent) await this.#answerFor(row, row.parent);
  }

  /** Runs have cost something after their end: those above them, which had their answers, are told of it. */
  async paidAfterEnd(runs: readonly string[]): Promise<void> {
    if (runs.length > 0) await this.#tell(await lateCostsOf(this.database, runs));
  }

  /** Tells what whoever should have told it died over. */
  async sweep(): Promise<void> {
    await this.#tell(await findLateCosts(this.database, TOLD_AT_ONCE));
  }

  async #tell(costs: readonly LateCost[]): Promise<void> {
    for (const late of costs) {
      const [row] = await readFamily(this.database, [late.run]);
      if (row?.parent) await this.#answerFor(row, row.parent, { onlyCosts: true });
      await forgetLateCost(this.database, late);
    }
  }

  async #answerFor(row: FamilyRow, parent: ParentTask, { onlyCosts = false } = {}): Promise<void> {
    const outcome = await this.#outcomeFor(row, parent);
    const usage = (tx: Transaction): Promise<Usage[]> => usageOf(tx, row, parent);
    await this.paidAfterEnd(await this.advance.settleAtCost(outcome, usage, { onlyCosts }));
  }

  async #outcomeFor(
    row: FamilyRow,
    { run: parent, task, attempt, output }: ParentTask,
  ): Promise<BlockOutcome> {
    const at = { run: parent, task, attempt };
    if (ENDED_WELL.has(row.status)) {
      try {
        return { ...at, kind: 'completed', outcome: await this.#outcome(row, output) };
      } catch (error) {
        // It has no such block: the name came from a template. Or what it made is lost.
        if (!isRefusal(error) && !isLost(error)) throw error;
        return { ...at, kind: 'failed', error: terminal(error.code, error.message) };
      }
    }
    const message = `Run ${row.id} ended ${row.status}${row.reason === null ? '' : `: ${row.reason}`}`;
    const [above] = await readFamily(this.database, [parent]);
    // Cancelled with the run above it: a retry of that one begins another.
    const retryable = row.status === 'cancelled' && above?.status === 'stopping';
    return { ...at, kind: 'failed', error: { code: 'child-failed', message, retryable } };
  }

  /** A run stops: so do its children. The word of it may be old: those of a run that was retried since go on. */
  async stopped(run: string): Promise<void> {
    for (const child of await unwantedChildren(this.database, run)) await this.#cancel(child);
  }

  /** What was said to the run above while this child was not there yet. */
  async #keepUp(child: string, run: string): Promise<void> {
    const [above] = await readFamily(this.database, [run]);
    if (above?.status === 'paused') await this.advance.step((step) => step.pause(child));
    else if (above?.status !== 'running' && (await unwantedChildren(this.database, run)).includes(child))
      await this.#cancel(child);
  }

  #cancel(child: string): Promise<unknown> {
    return this.advance.step((step) => step.cancel(child, 'the run above it stopped'));
  }

  /**
   * The child's payloads: their keys are labels, what they see is the result. Whole: a pointer inside of it would be
   * nobody's to follow.
   */
  async #outcome({ id }: FamilyRow, output: string | null): Promise<Outcome> {
    const outputs: (Outcome & { kind: 'outputs' })['outputs'][number][] = [];
    for (let cursor: string | undefined, more = true; more;) {
      const of = {
        limit: PAGE,
        ...(output === null ? {} : { block: output }),
        ...(cursor ? { cursor } : {}),
      };
      const page = await this.readRuns.results(id, of);
      const large = new ObjectsOnce(this.objects);
      for (const { key, blockResults } of page.payloads) {
        const label = key === '' ? '1' : key.replaceAll('=', ':').replaceAll('/', ',');
        outputs.push({ label, ...(await packed(await large.unpacked(blockResults), this.objects)) });
      }
      cursor = page.next;
      more = cursor !== undefined;
    }
    return { kind: 'outputs', outputs };
  }

  async #answer({ run, task, attempt, ...outcome }: BlockOutcome & Record<string, unknown>): Promise<void> {
    await this.paidAfterEnd(await this.advance.settle([{ run, task, attempt, ...outcome }]));
  }
}

interface Configuration {
  readonly workflow: string;
  readonly inputs?: Record<string, unknown>;
  readonly output?: string;
}

/** What the child has cost and has not told before: it may have been retried by itself, or paid for something late. */
async function usageOf(
  tx: Transaction,
  { id, workflow }: FamilyRow,
  { task, attempt }: ParentTask,
): Promise<Usage[]> {
  const { cost, unpriced } = await costOfChild(tx, { child: id, task, attempt });
  const run = { ...RUN_USAGE, model: workflow };
  return [
    ...(cost > 0 ? [{ ...run, units: {}, cost: { amount: cost, currency: 'USD' as const } }] : []),
    ...(unpriced > 0 ? [{ ...run, units: { calls: unpriced }, cost: null }] : []),
  ];
}

/** What was asked for cannot be: trying again would not help. */
function isRefusal(error: unknown): error is Problem {
  return error instanceof Problem && error.status < 500;
}

/** An object that a result was kept in. */
function isLost(error: unknown): error is ObjectMissing | ObjectCorrupt {
  return error instanceof ObjectMissing || error instanceof ObjectCorrupt;
}

function terminal(code: string, message: string): { code: string; message: string; retryable: false } {
  return { code, message, retryable: false };
}
