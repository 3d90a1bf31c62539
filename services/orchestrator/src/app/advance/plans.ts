import type { BlockManifest, WorkflowDefinition } from '@duofactory/contracts';
import { compile, type Plan } from '@duofactory/engine';
import type { Transaction } from '../../store/transaction.js';
import { readVersion } from '../../store/workflows.js';

export interface PlannedVersion {
  readonly workflow: string;
  readonly version: number;
  readonly definition: WorkflowDefinition;
  readonly manifests: ReadonlyMap<string, BlockManifest>;
  readonly plan: Plan;
}

/** Compiled plans of published versions. A version never changes, so neither does its plan. */
export class Plans {
  readonly #cache = new Map<string, PlannedVersion>();

  /** `change`: what is different of every plan here. */
  constructor(private readonly change: (plan: Plan) => Plan = (plan) => plan) {}

  async of(tx: Transaction, workflow: string, version: number): Promise<PlannedVersion> {
    const planned = await this.find(tx, workflow, version);
    if (planned) return planned;
    throw new Error(`Workflow version ${workflow}@${version} is not stored, though a run is pinned to it`);
  }

  /** undefined: there is no such version. */
  async find(tx: Transaction, workflow: string, version: number): Promise<PlannedVersion | undefined> {
    const name = `${workflow}@${version}`;
    const cached = this.#cache.get(name);
    if (cached) return cached;
    const stored = await readVersion(tx, workflow, version);
    if (!stored) return undefined;
    const { plan, ...rest } = planVersion({ workflow, version, ...stored });
    const planned = { ...rest, plan: this.change(plan) };
    if (this.#cache.size >= 500) this.#cache.delete(this.#cache.keys().next().value!);
    this.#cache.set(name, planned);
    return planned;
  }
}

function planVersion(stored: {
  workflow: string;
  version: number;
  definition: WorkflowDefinition;
  manifests: Record<string, BlockManifest>;
}): PlannedVersion {
  const manifests = new Map(Object.entries(stored.manifests));
  const compiled = compile(stored.definition, manifests);
  if ('refusals' in compiled) {
    throw new Error(
      `Stored version ${stored.workflow}@${stored.version} no longer compiles: ${compiled.refusals[0]!.message}`,
    );
  }
  return { ...stored, manifests, plan: compiled.plan };
}
