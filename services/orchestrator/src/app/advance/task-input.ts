import {
  MissingVariable,
  lookupIn,
  resolveTemplates,
  templateRoots,
  type BlockManifest,
} from '@duofactory/contracts';
import {
  cutKey,
  editedBy,
  seenThroughNeeds,
  type Plan,
  type PlannedBlock,
  type TaskRow,
} from '@duofactory/engine';

export interface SeenResult {
  readonly state: 'ok' | 'passed' | 'error';
  readonly value: unknown;
  readonly ref?: unknown;
}

/** A block whose result may be seen, and the optional needs that must have a payload on some way to it. */
interface Sight {
  readonly block: string;
  readonly guards: readonly (readonly string[])[];
}

/** What a payload that reaches a block sees: the results of the blocks that it came through. */
export function inputSights(plan: Plan, block: PlannedBlock): Sight[] {
  if (block.input === 'all') return block.per === undefined ? [] : [...plan.byId.get(block.per)!.sees];
  return payloadSights(plan, block);
}

/** What the payloads of an `all` block's list see. */
export function payloadSights(plan: Plan, block: PlannedBlock): Sight[] {
  return seenThroughNeeds(block.needs, plan.byId);
}

/** The rows to read for a key: the blocks seen, and the guards on the way. */
export function rowsToRead(
  plan: Plan,
  sights: readonly Sight[],
  key: string,
): { block: string; key: string }[] {
  const blocks = new Set(sights.flatMap(({ block, guards }) => [block, ...guards.flat()]));
  return [...blocks].map((block) => ({ block, key: cutKey(key, plan.byId.get(block)!.signature) }));
}

/** Results by block id, as a payload with this key sees them. Passed-by blocks are absent. */
export function blockResults(
  plan: Plan,
  sights: readonly Sight[],
  key: string,
  read: (block: string, key: string) => SeenResult | undefined,
): Record<string, unknown> {
  const rowOf = (block: string): SeenResult | undefined =>
    read(block, cutKey(key, plan.byId.get(block)!.signature));
  const results: Record<string, unknown> = {};
  for (const { block, guards } of sights) {
    const row = rowOf(block);
    if (!row || row.state === 'passed') continue;
    const open =
      guards.length === 0 || guards.some((way) => way.every((guard) => rowOf(guard) !== undefined));
    if (open) results[block] = row.ref ? { ref: row.ref } : row.value;
  }
  // From above downward: the lower of two reviews has the last word.
  for (const { block } of [...sights].reverse()) {
    const edited = editedBy(plan.byId.get(block)!);
    const result = results[block] as { edits?: unknown } | undefined;
    if (edited !== undefined && result?.edits !== undefined && edited in results)
      results[edited] = result.edits;
  }
  return results;
}

/** What a block's definition says of every input of its tasks. */
interface InputShape {
  readonly manifest: BlockManifest;
  /** The fields whose templates are resolved here. */
  readonly templated: Readonly<Record<string, unknown>>;
  /** The names that they start with. */
  readonly roots: readonly string[];
  readonly sights: readonly Sight[];
}

/** Plans live as long as their versions are used, and so do the shapes of their blocks: a task does not ask anew. */
const shapes = new WeakMap<PlannedBlock, InputShape>();

function shapeOf(plan: Plan, block: PlannedBlock, manifest: BlockManifest): InputShape {
  const known = shapes.get(block);
  if (known?.manifest === manifest) return known;
  const raw = new Set(manifest.raw ?? []);
  const templated = Object.fromEntries(Object.entries(block.with).filter(([field]) => !raw.has(field)));
  const roots = templateRoots(templated);
  const named = new Set(roots);
  const all = inputSights(plan, block);
  const sights =
    manifest.reads === 'all'
      ? all
      : all.filter(({ block: id }) => named.has(id) || named.has(editedBy(plan.byId.get(id)!) ?? ''));
  const shape = { manifest, templated, roots, sights };
  shapes.set(block, shape);
  return shape;
}

/** Which of the blocks seen a task's input carries: those that the configuration names, or all if the type reads all. */
export function sightsOfInput(plan: Plan, block: PlannedBlock, manifest: BlockManifest): readonly Sight[] {
  return shapeOf(plan, block, manifest).sights;
}

export type TaskInput =
  | {
      readonly with: Record<string, unknown>;
      readonly blockResults: Record<string, unknown>;
      /** A template names a result that is kept by reference: the service resolves `with`. */
      readonly unresolved: boolean;
    }
  | { readonly error: { code: string; message: string } };

export function taskInput(of: {
  plan: Plan;
  manifest: BlockManifest;
  task: Pick<TaskRow, 'block' | 'key'>;
  inputs: Readonly<Record<string, unknown>>;
  variables: Readonly<Record<string, unknown>>;
  read: (block: string, key: string) => SeenResult | undefined;
}): TaskInput {
  const block = of.plan.byId.get(of.task.block)!;
  const { sights, roots, templated } = shapeOf(of.plan, block, of.manifest);
  const results = blockResults(of.plan, sights, of.task.key, of.read);
  const byReference = roots.some((name) => {
    const row = name in results && of.read(name, cutKey(of.task.key, of.plan.byId.get(name)!.signature));
    return row && row.ref;
  });
  if (byReference) return { with: { ...block.with }, blockResults: results, unresolved: true };
  try {
    // Fields that the service resolves itself go as written.
    const resolved = resolveTemplates(templated, lookupIn({ ...of.variables, ...of.inputs, ...results }));
    return {
      with: { ...block.with, ...(resolved as Record<string, unknown>) },
      blockResults: results,
      unresolved: false,
    };
  } catch (error) {
    if (error instanceof MissingVariable) return { error: { code: error.code, message: error.message } };
    throw error;
  }
}
