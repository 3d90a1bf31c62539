import {
  closest,
  referenceKind,
  templatePaths,
  type BlockDefinition,
  type BlockManifest,
  type WorkflowDefinition,
} from '@duofactory/contracts';
import type { Plan } from '@duofactory/engine';
import { readLatestVersion } from '../../store/workflows.js';
import { findReferences, referenceIds, type ReferenceVersion } from '../../store/references.js';
import type { Transaction } from '../../store/transaction.js';
import type { DefinitionFault } from './check-definition.js';
import { WORKFLOW_BLOCK } from './own-block-types.js';

/** A place in a block's configuration that names a versioned thing. */
interface Mention {
  readonly block: string;
  /** Below `with`: `['evaluators', 0]`. */
  readonly path: readonly (string | number)[];
  readonly kind: string;
  readonly id: string;
  /** A version or a label; undefined: the latest. */
  readonly which: string | undefined;
}

/** By block id, the fields of `with` in which references are replaced by the versions that a run is bound to. */
export type Pins = Record<string, Record<string, unknown>>;

/** What definitions refer to: prompts, evaluators, tables, courses. */
export class References {
  /** References that nothing published answers to, and names that a referred thing reads and nothing gives. */
  async faultsOf(
    tx: Transaction,
    definition: WorkflowDefinition,
    manifests: ReadonlyMap<string, BlockManifest>,
    plan: Plan,
  ): Promise<DefinitionFault[]> {
    const mentions = mentionsOf(definition, manifests);
    const versions = await this.#versionsOf(tx, mentions);
    const global = [...Object.keys(definition.inputs ?? {}), ...Object.keys(definition.variables ?? {})];
    const faults: DefinitionFault[] = [];
    for (const mention of mentions) {
      const field = `blocks.${mention.block}.with.${mention.path.join('.')}`;
      const version = chosen(mention, versions);
      if (!version) {
        faults.push({
          code: 'unknown-reference',
          block: mention.block,
          field,
          message: await this.#unknown(tx, mention),
        });
        continue;
      }
      const block = definition.blocks.find(({ id }) => id === mention.block)!;
      const known = [...plan.byId.get(mention.block)!.reads, ...global, ...givenNames(block)];
      for (const name of version.reads ?? []) {
        if (known.includes(name)) continue;
        const near = closest(name, known);
        faults.push({
          code: 'unknown-variable',
          block: mention.block,
          field,
          message: `The ${mention.kind} "${mention.id}@${version.version}" reads "{{${name}}}", and no block above, input or variable gives it${near ? ` (did you mean "${near}"?)` : ''}: ${remedy(manifests.get(block.type)!, name)}`,
        });
      }
    }
    return faults;
  }

  /** The versions that a run which starts now uses, to its end. */
  async pinsOf(
    tx: Transaction,
    definition: WorkflowDefinition,
    manifests: ReadonlyMap<string, BlockManifest>,
  ): Promise<{ pins: Pins; unknown: readonly { block: string; path: string; message: string }[] }> {
    const mentions = mentionsOf(definition, manifests);
    const versions = await this.#versionsOf(tx, mentions);
    const pins: Pins = {};
    const unknown = [];
    for (const mention of mentions) {
      const version = chosen(mention, versions);
      if (version) pin(pins, definition, mention, `${mention.id}@${version.version}`);
      else {
        const path = `blocks.${mention.block}.with.${mention.path.join('.')}`;
        unknown.push({ block: mention.block, path, message: await this.#unknown(tx, mention) });
      }
    }
    for (const { block, workflow } of childrenOf(definition)) {
      const latest = await readLatestVersion(tx, workflow);
      if (latest !== undefined) (pins[block] ??= {})['workflow'] = `${workflow}@${latest}`;
    }
    return { pins, unknown };
  }

  async #versionsOf(tx: Transaction, mentions: readonly Mention[]): Promise<Map<string, ReferenceVersion[]>> {
    const named = new Map(mentions.map(({ kind, id }) => [`${kind} ${id}`, { kind, id }]));
    return Map.groupBy(await findReferences(tx, [...named.values()]), ({ kind, id }) => `${kind} ${id}`);
  }

  async #unknown(tx: Transaction, { kind, id, which }: Mention): Promise<string> {
    const ids = await referenceIds(tx, kind);
    if (ids.includes(id)) return `The ${kind} "${id}" has no version or label "${which}"`;
    const near = closest(id, ids);
    return `No ${kind} "${id}" is published${near ? `; did you mean "${near}"?` : ''}`;
  }
}

/** What a run's blocks refer to, as the run is bound to it. */
export function pinnedReferences(
  definition: WorkflowDefinition,
  manifests: ReadonlyMap<string, BlockManifest>,
  pins: Pins,
): { block: string; kind: string; reference: string }[] {
  const bound: WorkflowDefinition = {
    ...definition,
    blocks: definition.blocks.map((block) => ({ ...block, with: { ...block.with, ...pins[block.id] } })),
  };
  return mentionsOf(bound, manifests).map(({ block, kind, id, which }) => ({
    block,
    kind,
    reference: which === undefined ? id : `${id}@${which}`,
  }));
}

/** Workflows that run inside this one, named without a version. What a template names is known when its task is made. */
function childrenOf(definition: WorkflowDefinition): { block: string; workflow: string }[] {
  return definition.blocks.flatMap(({ id, type, with: configuration }) => {
    const workflow = configuration?.['workflow'];
    const isNamed =
      typeof workflow === 'string' && !workflow.includes('@') && templatePaths(workflow).length === 0;
    return type === WORKFLOW_BLOCK.type && isNamed ? [{ block: id, workflow }] : [];
  });
}

function mentionsOf(
  definition: WorkflowDefinition,
  manifests: ReadonlyMap<string, BlockManifest>,
): Mention[] {
  return definition.blocks.flatMap((block) => {
    const schema = manifests.get(block.type)?.with;
    return schema ? inValue(schema, block.with ?? {}, []).map((one) => ({ block: block.id, ...one })) : [];
  });
}

/** Walks a value along its schema. */
function inValue(
  schema: unknown,
  value: unknown,
  path: readonly (string | number)[],
): Omit<Mention, 'block'>[] {
  const kind = referenceKind(schema);
  if (kind !== undefined) {
    // What a template yields is known only when the task is made: it is resolved by the service.
    if (typeof value !== 'string' || templatePaths(value).length > 0) return [];
    const [id, which] = value.split('@');
    return [{ path, kind, id: id!, which }];
  }
  const { properties, items } = schema as { properties?: Record<string, unknown>; items?: unknown };
  if (Array.isArray(value) && items !== undefined)
    return value.flatMap((item, i) => inValue(items, item, [...path, i]));
  if (properties && value !== null && typeof value === 'object')
    return Object.entries(properties).flatMap(([name, inner]) =>
      inValue(inner, (value as Record<string, unknown>)[name], [...path, name]),
    );
  return [];
}

function chosen(
  { kind, id, which }: Mention,
  versions: ReadonlyMap<string, readonly ReferenceVersion[]>,
): ReferenceVersion | undefined {
  const all = versions.get(`${kind} ${id}`) ?? [];
  if (which === undefined) return all[0];
  return all.find(({ version, labels }) => String(version) === which || labels.includes(which));
}

function pin(pins: Pins, definition: WorkflowDefinition, mention: Mention, pinned: string): void {
  const [field, ...rest] = mention.path;
  const block = (pins[mention.block] ??= {});
  if (rest.length === 0) {
    block[field!] = pinned;
    return;
  }
  const configuration = definition.blocks.find(({ id }) => id === mention.block)!.with!;
  let place = (block[field!] ??= structuredClone(configuration[field!])) as Record<string | number, unknown>;
  for (const name of rest.slice(0, -1)) place = place[name] as Record<string | number, unknown>;
  place[rest.at(-1)!] = pinned;
}

/** Names that the block itself gives to what it refers to. */
function givenNames({ with: configuration }: BlockDefinition): string[] {
  const inputs = configuration?.['inputs'];
  return inputs !== null && typeof inputs === 'object' && !Array.isArray(inputs) ? Object.keys(inputs) : [];
}

/** What can be done about a name that nothing gives, by what the type of block has. */
function remedy({ with: schema }: BlockManifest, name: string): string {
  const { properties } = schema as { properties?: Record<string, unknown> };
  if (properties && 'inputs' in properties) return 'map it in with.inputs';
  return `declare an input or a variable "${name}", or put a block above that gives it: one called "${name}", or a transform whose result has a field "${name}"`;
}
