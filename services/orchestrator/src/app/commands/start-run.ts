import {
  durationMs,
  hashJson,
  uuidFrom,
  type BlockManifest,
  type WorkflowDefinition,
} from '@duofactory/contracts';
import { randomUUID } from 'node:crypto';
import { Problem } from '@duofactory/platform';
import type { Transaction } from '../../store/transaction.js';
import type { Triggered } from '../../store/triggered-runs.js';
import type { ParentTask } from '../../store/children.js';
import { findRunsByIdempotencyKey, insertRuns, readRunsToReuse, type NewRun } from '../../store/runs.js';
import { readLatestVersion } from '../../store/workflows.js';
import type { AdvanceRuns } from '../advance/advance-runs.js';
import { checkInputs } from './check-inputs.js';
import type { Drafts } from '../workflows/drafts.js';
import type { Plans } from '../advance/plans.js';
import type { Pins, References } from '../workflows/references.js';

export interface RunRequest {
  /** `id` (latest version), `id@7` or, one at a time, `id@draft`. */
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The same key and request: the same run. */
  readonly idempotencyKey?: string;
  /** W3C: of the request or event that asks for it. */
  readonly traceparent?: string | undefined;
  /** Who asks, for the history. */
  readonly by?: string;
  /** The trigger that asks. */
  readonly triggered?: Triggered;
  /** It tries a block out by itself. */
  readonly testOf?: 'block';
  /** For a run inside a run. */
  readonly child?: {
    readonly id: string;
    readonly lineage: string;
    readonly parent: ParentTask;
    readonly deadlineAt: Date | null;
    /** The run of the attempt before: what succeeded in it is taken over. */
    readonly before?: string;
  };
}

export interface StartedRun {
  readonly id: string;
  /** false: an earlier request with this key had started it. */
  readonly created: boolean;
}

const DRAFT = '@draft';

interface VersionToRun {
  readonly id: string;
  readonly version: number;
  readonly definition: WorkflowDefinition;
  readonly pins: Pins;
}

/** Starts a run: its row, first tasks and messages in one transaction. */
export class StartRun {
  constructor(
    private readonly database: Transaction,
    private readonly advance: AdvanceRuns,
    private readonly references: References,
    private readonly plans: Plans,
    private readonly drafts: Drafts,
  ) {}

  async execute(request: RunRequest): Promise<StartedRun> {
    const [started] = await this.executeAll([
      request.workflow.endsWith(DRAFT) ? await this.#ofDraft(request) : request,
    ]);
    return started!;
  }

  /** The draft is kept for this run. Asked again, it is the draft of then. */
  async #ofDraft(request: RunRequest): Promise<RunRequest> {
    const workflow = request.workflow.slice(0, -DRAFT.length);
    const key = request.idempotencyKey;
    const [known] = key === undefined ? [] : await findRunsByIdempotencyKey(this.database, [key]);
    const [run] = known ? await readRunsToReuse(this.database, [known.id]) : [];
    const version = run?.workflow === workflow ? run.version : await this.drafts.keep(workflow);
    return { ...request, workflow: `${workflow}@${version}` };
  }

  /** Many at once, in one transaction: all of them start, or none. */
  async executeAll(requests: readonly RunRequest[]): Promise<StartedRun[]> {
    return this.advance.step(async (step, tx, now) => {
      const versions = new Map<string, Promise<VersionToRun>>();
      const runs: NewRun[] = [];
      const paused = new Set<string>();
      for (const {
        workflow,
        inputs,
        idempotencyKey,
        traceparent,
        by,
        triggered,
        testOf,
        child,
      } of requests) {
        if (!versions.has(workflow)) versions.set(workflow, this.#version(tx, workflow));
        const { id: workflowId, version, definition, pins } = await versions.get(workflow)!;
        const id =
          child?.id ?? (idempotencyKey === undefined ? randomUUID() : uuidFrom('run', idempotencyKey));
        if (child && (await step.isPaused(child.parent.run))) paused.add(id);
        const [before] = child?.before === undefined ? [] : await readRunsToReuse(tx, [child.before]);
        const again = before?.workflow === workflowId && before.version === version ? before : undefined;
        runs.push({
          id,
          workflow: workflowId,
          version,
          inputs: checkInputs(definition, inputs),
          lineage: child?.lineage ?? id,
          deadlineAt: earlier(deadlineOf(definition, now), child?.deadlineAt ?? null),
          idempotencyKey: idempotencyKey ?? null,
          requestHash: hashJson({ workflow, inputs }),
          pins: again?.pins ?? pins,
          ...(again ? { rerun: { of: again.id, from: null, key: null } } : {}),
          ...step.traceOf({ id, workflow: workflowId }, traceparent),
          ...(child ? { parent: child.parent } : {}),
          ...(by === undefined ? {} : { startedBy: by }),
          ...(triggered ? { triggered } : {}),
          ...(testOf === undefined ? {} : { testOf }),
        });
      }
      // The same key twice among them: the first one counts.
      const first = new Map(runs.map((run) => [run.id, run] as const).reverse());
      const created = await insertRuns(tx, [...first.values()], now);
      const keys = runs.flatMap(({ id, idempotencyKey: key }) => (created.has(id) || !key ? [] : [key]));
      const known = keys.length > 0 ? await findRunsByIdempotencyKey(tx, keys) : [];
      const hashOf = new Map([
        ...known.map(({ id, requestHash }) => [id, requestHash] as const),
        ...[...first.values()]
          .filter(({ id }) => created.has(id))
          .map((run) => [run.id, run.requestHash] as const),
      ]);
      // A child has no key: its id is that of the attempt, and so is its request.
      for (const { id, requestHash, idempotencyKey: key } of runs)
        if (key && hashOf.get(id) !== requestHash) throw keyReused(id);
      if (created.size > 0) await step.start([...created], paused);
      return runs.map((run) => ({ id: run.id, created: created.has(run.id) && first.get(run.id) === run }));
    });
  }

  /** The version that a run would use now. Throws Problem `unknown-workflow`, or names what is not published. */
  resolve(workflow: string): Promise<VersionToRun> {
    return this.#version(this.database, workflow);
  }

  async #version(tx: Transaction, workflow: string): Promise<VersionToRun> {
    const { id, version: wanted } = parseReference(workflow);
    const version = wanted ?? (await readLatestVersion(tx, id));
    const planned = version === undefined ? undefined : await this.plans.find(tx, id, version);
    if (version === undefined || !planned) throw unknownWorkflow(workflow);
    const { definition, manifests } = planned;
    // What is published later changes nothing in a run that has begun.
    const pins = await pinsOf(this.references, tx, definition, manifests);
    return { id, version, definition, pins };
  }
}

function parseReference(reference: string): { id: string; version?: number } {
  const [id, version] = reference.split('@');
  if (version === undefined) return { id: id! };
  if (!/^[1-9]\d{0,8}$/.test(version)) throw unknownWorkflow(reference);
  return { id: id!, version: Number(version) };
}

/** What a definition refers to, bound to what is published now. Throws Problem `unknown-reference`. */
export async function pinsOf(
  references: References,
  tx: Transaction,
  definition: WorkflowDefinition,
  manifests: ReadonlyMap<string, BlockManifest>,
): Promise<Pins> {
  const { pins, unknown } = await references.pinsOf(tx, definition, manifests);
  if (unknown.length === 0) return pins;
  throw new Problem({
    status: 422,
    code: 'unknown-reference',
    title: 'The workflow refers to what is not published',
    detail: unknown.map(({ path, message }) => `${path}: ${message}`).join('; '),
    errors: unknown.map(({ path, message }) => ({ field: path, message })),
  });
}

function unknownWorkflow(reference: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-workflow',
    title: 'Unknown workflow',
    detail: `No published version of workflow "${reference}". See GET /api/workflows.`,
  });
}

export function deadlineOf(definition: WorkflowDefinition, now: Date): Date | null {
  return definition.deadline === undefined ? null : new Date(now.getTime() + durationMs(definition.deadline));
}

function earlier(a: Date | null, b: Date | null): Date | null {
  return a && b ? (a < b ? a : b) : (a ?? b);
}

export function keyReused(run: string): Problem {
  return new Problem({
    status: 409,
    code: 'idempotency-key-reused',
    title: 'This Idempotency-Key belongs to another request',
    detail: `Run ${run} was started by another request. Send a new key.`,
  });
}
