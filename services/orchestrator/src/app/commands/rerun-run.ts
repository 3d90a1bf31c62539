import { hashJson, uuidFrom, type WorkflowDefinition } from '@duofactory/contracts';
import { Problem, type Database } from '@duofactory/platform';
import { randomUUID } from 'node:crypto';
import {
  findRunsByIdempotencyKey,
  insertRuns,
  readRunsToReuse,
  type NewRun,
  type ReusableRun,
} from '../../store/runs.js';
import { keepRun } from '../../store/ended-runs.js';
import type { EditedResult } from '../../store/run-origin.js';
import { keysUnder } from '../../store/rerun-keys.js';
import type { Transaction } from '../../store/transaction.js';
import { readLatestVersion, readVersion } from '../../store/workflows.js';
import type { AdvanceRuns } from '../advance/advance-runs.js';
import { checkEdits } from './edited-results.js';
import { checkInputs } from './check-inputs.js';
import type { Drafts } from '../workflows/drafts.js';
import type { Plans } from '../advance/plans.js';
import type { References } from '../workflows/references.js';
import type { TracedRun } from '../advance/run-traces.js';
import { deadlineOf, keyReused, pinsOf, type StartedRun } from './start-run.js';
import { unknownRun } from './unknown-run.js';

export interface RerunRequest {
  readonly run: string;
  /** Tasks of this block are asked for again, those below it if their input differs. */
  readonly from?: string;
  /** Only its tasks under this key. */
  readonly key?: string;
  /** Results that are taken over as they are here; what reads them is asked for again. */
  readonly edits?: readonly EditedResult[];
  /** Those that differ from the run's. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** `pinned`: the run's own version and references (default). `latest`: what is published now. `draft`. Or a version. */
  readonly version?: 'pinned' | 'latest' | 'draft' | number;
  readonly idempotencyKey?: string;
  /** W3C: of the request that asks for it. */
  readonly traceparent?: string | undefined;
  /** Who asks, for the history. */
  readonly by?: string;
}

const ENDED = ['completed', 'partial', 'failed', 'cancelled'];

/** Starts a new run beside an ended one, which takes over what would come out the same. */
export class RerunRun {
  constructor(
    private readonly database: Database,
    private readonly advance: AdvanceRuns,
    private readonly references: References,
    private readonly plans: Plans,
    private readonly drafts: Drafts,
  ) {}

  async execute(request: RerunRequest): Promise<StartedRun> {
    const { idempotencyKey: key, traceparent, by, ...asked } = request;
    const requestHash = hashJson(asked);
    const known = await this.#known(this.database, key, requestHash);
    if (known) return known;
    const id = key === undefined ? randomUUID() : uuidFrom('rerun', key);
    const base = await this.baseOf(this.database, request);
    // Kept before the transaction that plans it: a version that is taken back must not be known as a plan.
    const draft = request.version === 'draft' ? await this.drafts.keep(base.workflow) : undefined;
    return this.advance.step(async (step, tx, now) => {
      // Else it might be forgotten before there is something that refers to it.
      if (!(await keepRun(tx, base.id))) throw unknownRun(base.id);
      const of = { plans: this.plans, base, id, now, draft };
      const run = await this.prepare(tx, request, of);
      const row = {
        ...{ ...run, ...step.traceOf(run, traceparent), idempotencyKey: key ?? null, requestHash },
        ...(by === undefined ? {} : { startedBy: by }),
      };
      if ((await insertRuns(tx, [row], now)).has(id)) {
        await step.start([id]);
        return { id, created: true };
      }
      return (await this.#known(tx, key, requestHash))!;
    });
  }

  /** The run that this key started. */
  async #known(
    tx: Transaction,
    key: string | undefined,
    requestHash: string,
  ): Promise<StartedRun | undefined> {
    if (key === undefined) return undefined;
    const [known] = await findRunsByIdempotencyKey(tx, [key]);
    if (known && known.requestHash !== requestHash) throw keyReused(known.id);
    return known && { id: known.id, created: false };
  }

  /** The row of a rerun, before anything of it happens. */
  async prepare(
    tx: Transaction,
    request: RerunRequest,
    of: { plans: Plans; base: ReusableRun; id: string; now: Date; draft: number | undefined },
  ): Promise<Omit<NewRun, keyof TracedRun>> {
    const { base, id } = of;
    const version = of.draft ?? (await this.#version(tx, base, request.version));
    const { definition, manifests, plan } = await of.plans.of(tx, base.workflow, version);
    checkFrom(request, [...plan.byId.keys()]);
    await checkKey(tx, request);
    const { edits = [] } = request;
    if (edits.length > 0) {
      const before = await of.plans.of(tx, base.workflow, base.version);
      await checkEdits(tx, base.id, before.plan, edits);
    }
    const pinned = request.version === undefined || request.version === 'pinned';
    return {
      id,
      workflow: base.workflow,
      version,
      inputs: checkInputs(definition, { ...stillDeclared(base, definition), ...request.inputs }),
      lineage: base.lineage,
      deadlineAt: deadlineOf(definition, of.now),
      idempotencyKey: null,
      requestHash: '',
      pins: pinned ? base.pins : await pinsOf(this.references, tx, definition, manifests),
      rerun: {
        of: base.id,
        from: request.from ?? null,
        key: request.key ?? null,
        ...(edits.length > 0 ? { edits } : {}),
      },
    };
  }

  /** The run that is to be run again. Throws Problems `unknown-run` and `run-not-ended`. */
  async baseOf(tx: Transaction, { run }: RerunRequest): Promise<ReusableRun> {
    const [base] = await readRunsToReuse(tx, [run]);
    if (!base) throw unknownRun(run);
    if (!ENDED.includes(base.status)) {
      throw new Problem({
        status: 409,
        code: 'run-not-ended',
        title: 'This run has not ended',
        detail: `Run ${run} is ${base.status}. Cancel it, or wait for its end.`,
      });
    }
    return base;
  }

  async #version(tx: Transaction, base: ReusableRun, wanted: RerunRequest['version']): Promise<number> {
    if (wanted === undefined || wanted === 'pinned') return base.version;
    const version = typeof wanted === 'number' ? wanted : await readLatestVersion(tx, base.workflow);
    if (version !== undefined && (await readVersion(tx, base.workflow, version))) return version;
    throw new Problem({
      status: 404,
      code: 'unknown-workflow',
      title: 'Unknown workflow',
      detail: `Workflow "${base.workflow}" has no published version ${version ?? ''}`,
    });
  }
}

/** Another version may have lost an input: what the run before was given for it says nothing any more. */
function stillDeclared(
  { inputs }: ReusableRun,
  { inputs: declared = {} }: WorkflowDefinition,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => Object.hasOwn(declared, name)));
}

function checkFrom({ from, key }: RerunRequest, blocks: readonly string[]): void {
  if (from !== undefined && !blocks.includes(from)) {
    const message = `The workflow has no block "${from}"; it has ${blocks.join(', ')}`;
    throw new Problem({
      ...{ status: 422, code: 'unknown-block', title: 'Unknown block', detail: message },
      errors: [{ field: 'from', message }],
    });
  }
  if (key !== undefined && from === undefined) {
    const message = 'Say with `from` which block is to be run again for this key';
    throw new Problem({
      ...{ status: 422, code: 'key-without-from', title: 'A key needs a block', detail: message },
      errors: [{ field: 'from', message }],
    });
  }
}

/** A key that names no task would have everything taken over, and nobody would know why. */
async function checkKey(tx: Transaction, { run, from, key }: RerunRequest): Promise<void> {
  if (!key || from === undefined) return;
  const { matched, some } = await keysUnder(tx, run, from, key);
  if (matched) return;
  const keys = some.map((one) => (one === '' ? 'the empty key' : `"${one}"`)).join(', ');
  const message = `Block "${from}" has no task under the key "${key}" in run ${run}; it has ${keys ? `${keys} …` : 'none at all'}`;
  throw new Problem({
    ...{ status: 422, code: 'key-matches-nothing', title: 'This key matches nothing', detail: message },
    errors: [{ field: 'key', message }],
  });
}
