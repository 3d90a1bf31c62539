import { durationMs, hashJson, uuidFrom, type WorkflowDefinition } from '@duofactory/contracts';
import { randomUUID } from 'node:crypto';
import { Problem } from '@duofactory/platform';
import type { Transaction } from '../store/transaction.js';
import { insertRun, findRunByIdempotencyKey } from '../store/runs.js';
import { readLatestVersion, readVersion } from '../store/workflows.js';
import type { AdvanceRuns } from './advance-runs.js';
import { checkInputs } from './check-inputs.js';
import type { Plans } from './plans.js';
import type { Pins, References } from './references.js';

export interface RunRequest {
  /** `id` (latest version) or `id@7`. */
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The same key and request: the same run. */
  readonly idempotencyKey?: string;
}

export interface StartedRun {
  readonly id: string;
  /** false: an earlier request with this key had started it. */
  readonly created: boolean;
}

/** Starts a run: its row, first tasks and messages in one transaction. */
export class StartRun {
  constructor(
    private readonly advance: AdvanceRuns,
    private readonly references: References,
    private readonly plans: Plans,
  ) {}

  async execute({ workflow, inputs, idempotencyKey }: RunRequest): Promise<StartedRun> {
    const requestHash = hashJson({ workflow, inputs });
    const id = idempotencyKey === undefined ? randomUUID() : uuidFrom('run', idempotencyKey);
    return this.advance.step(async (step, tx, now) => {
      const { id: workflowId, version: wanted } = parseReference(workflow);
      const version = wanted ?? (await readLatestVersion(tx, workflowId));
      const stored = version === undefined ? undefined : await readVersion(tx, workflowId, version);
      if (version === undefined || !stored) throw unknownWorkflow(workflow);
      const checked = checkInputs(stored.definition, inputs);
      const pins = await this.#pins(tx, workflowId, version);
      const created = await insertRun(tx, {
        id,
        workflow: workflowId,
        version,
        inputs: checked,
        lineage: id,
        deadlineAt: deadlineOf(stored.definition, now),
        idempotencyKey: idempotencyKey ?? null,
        requestHash,
        now,
        pins,
      });
      if (created) {
        await step.start(id);
        return { id, created };
      }
      const known = await findRunByIdempotencyKey(tx, idempotencyKey!);
      if (known?.requestHash !== requestHash) {
        throw new Problem({
          status: 409,
          code: 'idempotency-key-reused',
          title: 'This Idempotency-Key belongs to another request',
          detail: `Run ${known?.id ?? id} was started with other inputs. Send a new key.`,
        });
      }
      return { id: known.id, created };
    });
  }

  /** What is published later changes nothing in a run that has begun. */
  async #pins(tx: Transaction, workflow: string, version: number): Promise<Pins> {
    const { definition, manifests } = await this.plans.of(tx, workflow, version);
    const { pins, unknown } = await this.references.pinsOf(tx, definition, manifests);
    if (unknown.length > 0) {
      throw new Problem({
        status: 422,
        code: 'unknown-reference',
        title: 'The workflow refers to what is not published',
        detail: unknown.map(({ path, message }) => `${path}: ${message}`).join('; '),
        errors: unknown.map(({ path, message }) => ({ field: path, message })),
      });
    }
    return pins;
  }
}

function parseReference(reference: string): { id: string; version?: number } {
  const [id, version] = reference.split('@');
  if (version === undefined) return { id: id! };
  if (!/^[1-9]\d{0,8}$/.test(version)) throw unknownWorkflow(reference);
  return { id: id!, version: Number(version) };
}

function unknownWorkflow(reference: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-workflow',
    title: 'Unknown workflow',
    detail: `No published version of workflow "${reference}". See GET /api/workflows.`,
  });
}

function deadlineOf(definition: WorkflowDefinition, now: Date): Date | null {
  return definition.deadline === undefined ? null : new Date(now.getTime() + durationMs(definition.deadline));
}
