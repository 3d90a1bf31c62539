import { durationMs, hashJson, uuidFrom } from '@duofactory/contracts';
import { Problem, type Database } from '@duofactory/platform';
import { randomUUID } from 'node:crypto';
import { countForRerun } from '../store/count-for-rerun.js';
import { findRunsByIdempotencyKey, insertRuns, readRunsToReuse, type ReusableRun } from '../store/runs.js';
import type { Transaction } from '../store/transaction.js';
import { readLatestVersion, readVersion } from '../store/workflows.js';
import type { AdvanceRuns } from './advance-runs.js';
import { checkInputs } from './check-inputs.js';
import { keyReused, type StartedRun } from './start-run.js';
import type { Plans } from './plans.js';
import type { References } from './references.js';

export interface RerunRequest {
  readonly run: string;
  /** Tasks of this block are asked for again, those below it if their input differs. */
  readonly from?: string;
  /** Only its tasks under this key. */
  readonly key?: string;
  /** Replace those of the run. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** `pinned`: the run's own version and references (default). `latest`: what is published now. Or a version. */
  readonly version?: 'pinned' | 'latest' | number;
  readonly idempotencyKey?: string;
  /** W3C: of the request that asks for it. */
  readonly traceparent?: string | undefined;
}

/** What a rerun would do, block by block, as far as it can be known beforehand. */
export interface RerunForecast {
  readonly blocks: {
    block: string;
    /** Tasks whose results are taken over. */
    reused: number;
    /** Tasks that are asked for again. */
    anew: number;
    /** Tasks that are asked for again if their input comes out otherwise this time. */
    byInput: number;
  }[];
}

const ENDED = ['completed', 'partial', 'failed', 'cancelled'];

/** Starts a new run beside an ended one, which takes over what would come out the same. */
export class RerunRun {
  constructor(
    private readonly database: Database,
    private readonly advance: AdvanceRuns,
    private readonly references: References,
    private readonly plans: Plans,
  ) {}

  async execute(request: RerunRequest): Promise<StartedRun> {
    const { idempotencyKey, traceparent, ...asked } = request;
    const requestHash = hashJson(asked);
    const id = idempotencyKey === undefined ? randomUUID() : uuidFrom('rerun', idempotencyKey);
    return this.advance.step(async (step, tx, now) => {
      const base = await this.#base(tx, request);
      const version = await this.#version(tx, base, request.version);
      const { definition, manifests, plan } = await this.plans.of(tx, base.workflow, version);
      checkFrom(request, [...plan.byId.keys()]);
      const run = {
        id,
        workflow: base.workflow,
        version,
        inputs: checkInputs(definition, { ...base.inputs, ...request.inputs }),
        lineage: base.lineage,
        deadlineAt:
          definition.deadline === undefined
            ? null
            : new Date(now.getTime() + durationMs(definition.deadline)),
        idempotencyKey: idempotencyKey ?? null,
        requestHash,
        pins:
          request.version === undefined || request.version === 'pinned'
            ? base.pins
            : (await this.references.pinsOf(tx, definition, manifests)).pins,
        ...step.traceOf({ id, workflow: base.workflow }, traceparent),
        rerun: { of: base.id, from: request.from ?? null, key: request.key ?? null },
      };
      if ((await insertRuns(tx, [run], now)).has(id)) {
        await step.start([id]);
        return { id, created: true };
      }
      const [known] = await findRunsByIdempotencyKey(tx, [idempotencyKey!]);
      if (known?.requestHash !== requestHash) throw keyReused(known?.id ?? id);
      return { id: known.id, created: false };
    });
  }

  /** Says beforehand what is reused and what is asked for again. */
  async forecast(request: RerunRequest): Promise<RerunForecast> {
    const base = await this.#base(this.database, request);
    const version = await this.#version(this.database, base, request.version);
    const { plan } = await this.plans.of(this.database, base.workflow, version);
    checkFrom(request, [...plan.byId.keys()]);
    const segments = request.key ? request.key.split('/') : [];
    const counts = await countForRerun(this.database, base.id, segments);
    const rowOf = new Map(counts.map((row) => [row.block, row]));
    // Other inputs or another version may change the input of any task.
    const everything = request.inputs !== undefined || version !== base.version;
    return {
      blocks: plan.blocks.map(({ id, above }) => {
        const { done = 0, doneUnder = 0, others = 0 } = rowOf.get(id) ?? {};
        if (id === request.from) {
          const rest = done - doneUnder;
          const anew = doneUnder + others;
          return { block: id, anew, reused: everything ? 0 : rest, byInput: everything ? rest : 0 };
        }
        const below = everything || (request.from !== undefined && above.includes(request.from));
        return { block: id, anew: others, reused: below ? 0 : done, byInput: below ? done : 0 };
      }),
    };
  }

  async #base(tx: Transaction, { run }: RerunRequest): Promise<ReusableRun> {
    const [base] = await readRunsToReuse(tx, [run]);
    if (!base) {
      throw new Problem({
        status: 404,
        code: 'unknown-run',
        title: 'Unknown run',
        detail: `No run has the id ${run}`,
      });
    }
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
    const version = wanted === 'latest' ? await readLatestVersion(tx, base.workflow) : wanted;
    if (version !== undefined && (await readVersion(tx, base.workflow, version))) return version;
    throw new Problem({
      status: 404,
      code: 'unknown-workflow',
      title: 'Unknown workflow',
      detail: `Workflow "${base.workflow}" has no published version ${version ?? ''}`,
    });
  }
}

function checkFrom({ from, key }: RerunRequest, blocks: readonly string[]): void {
  if (from !== undefined && !blocks.includes(from)) {
    throw new Problem({
      status: 422,
      code: 'unknown-block',
      title: 'Unknown block',
      detail: `The workflow has no block "${from}"; it has ${blocks.join(', ')}`,
      errors: [{ field: 'from', message: 'Unknown block' }],
    });
  }
  if (key !== undefined && from === undefined) {
    throw new Problem({
      status: 422,
      code: 'key-without-from',
      title: 'A key needs a block',
      detail: 'Say with `from` which block is to be run again for this key',
      errors: [{ field: 'from', message: 'Missing' }],
    });
  }
}
