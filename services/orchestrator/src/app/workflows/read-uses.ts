import type { BlockManifest, WorkflowDefinition } from '@duofactory/contracts';
import type { Database } from '@duofactory/platform';
import { listBlockTypes } from '../../store/block-types.js';
import {
  openRunsPinning,
  referencesNaming,
  workflowsNaming,
  type UsingReference,
} from '../../store/reference-uses.js';
import type { Plans } from '../advance/plans.js';
import { pinnedReferences } from './references.js';

export interface ReferenceUses {
  readonly workflows: readonly {
    readonly workflow: string;
    /** null: its draft. */
    readonly version: number | null;
    readonly blocks: readonly { readonly block: string; readonly reference: string }[];
  }[];
  readonly references: readonly UsingReference[];
  /** Runs that have not ended: they stay with their version, whatever is published. */
  readonly runs: readonly { readonly reference: string; readonly workflow: string; readonly runs: number }[];
}

/** Where a prompt, an evaluator, a table or a course is used. */
export class ReadUses {
  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
  ) {}

  async execute(kind: string, id: string): Promise<ReferenceUses> {
    const announced = new Map(
      (await listBlockTypes(this.database)).map(({ manifest }) => [manifest.type, manifest]),
    );
    const workflows = (await workflowsNaming(this.database, `"${id}`)).flatMap(
      ({ workflow, version, definition, manifests }) => {
        const known = manifests ? new Map(Object.entries(manifests)) : announced;
        const blocks = namedIn(definition, known, { kind, id });
        return blocks.length > 0 ? [{ workflow, version, blocks }] : [];
      },
    );
    return {
      workflows,
      references: await referencesNaming(this.database, kind, id),
      runs: await this.#openRuns(kind, id),
    };
  }

  async #openRuns(kind: string, id: string): Promise<ReferenceUses['runs']> {
    const counted = new Map<string, { reference: string; workflow: string; runs: number }>();
    for (const { workflow, version, pins, runs } of await openRunsPinning(this.database, `"${id}@`)) {
      const { definition, manifests } = await this.plans.of(this.database, workflow, version);
      const pinned = pinnedReferences(definition, manifests, pins)
        .filter((one) => one.kind === kind && one.reference.split('@')[0] === id)
        .map((one) => one.reference);
      for (const reference of new Set(pinned)) {
        const name = `${reference} ${workflow}`;
        counted.set(name, { reference, workflow, runs: (counted.get(name)?.runs ?? 0) + runs });
      }
    }
    return [...counted.values()].sort((a, b) => (a.workflow < b.workflow ? -1 : 1));
  }
}

/** A draft may be anything: what is no block of a known type names nothing. */
function namedIn(
  definition: Record<string, unknown>,
  manifests: ReadonlyMap<string, BlockManifest>,
  of: { kind: string; id: string },
): { block: string; reference: string }[] {
  const blocks = Array.isArray(definition['blocks']) ? (definition['blocks'] as unknown[]) : [];
  const whole = blocks.filter((block): block is WorkflowDefinition['blocks'][number] => {
    const { id, type, with: configuration } = (block ?? {}) as Record<string, unknown>;
    return typeof id === 'string' && typeof type === 'string' && typeof configuration === 'object';
  });
  return pinnedReferences({ ...(definition as unknown as WorkflowDefinition), blocks: whole }, manifests, {})
    .filter(({ kind, reference }) => kind === of.kind && reference.split('@')[0] === of.id)
    .map(({ block, reference }) => ({ block, reference }));
}
