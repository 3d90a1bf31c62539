import { hashJson, templatePaths, type BlockManifest } from '@duofactory/contracts';
import type { Plan, PlannedBlock, TaskRow } from '@duofactory/engine';
import {
  blockResults,
  payloadSights,
  rowsToRead,
  sightsOfInput,
  taskInput,
  type SeenResult,
} from '../advance/task-input.js';

/** What a task's input is worked out from. */
export interface InputSource {
  readonly plan: Plan;
  readonly manifests: ReadonlyMap<string, BlockManifest>;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly pins: Readonly<Record<string, Record<string, unknown>>>;
  readonly read: (block: string, key: string) => SeenResult | undefined;
}

/**
 * SHA-256 of all that a task's result depends on: type, its version, resolved configuration, the results that the
 * configuration names (all, if the type reads all); an `all` block: also its list of keys with these. Not times,
 * retries or policies. Undefined: its input cannot be resolved.
 */
export function inputHash(
  source: InputSource,
  task: TaskRow,
  /** Keys of an `all` task's list, in order. */
  list: readonly string[],
): string | undefined {
  const block = source.plan.byId.get(task.block)!;
  const manifest = source.manifests.get(block.type)!;
  const input = taskInput({ ...source, manifest, task });
  if ('error' in input) return undefined;
  const own = blockResults(source.plan, sightsOfHash(source.plan, block, manifest), task.key, source.read);
  const sights = sightsOfList(source.plan, block, manifest);
  return hashJson({
    type: block.type,
    version: block.typeVersion,
    with: { ...input.with, ...source.pins[block.id] },
    results: { ...own, ...input.blockResults },
    ...(manifest.raw || manifest.reads === 'all' ? namedValues(source, block, manifest) : {}),
    ...(block.input === 'all'
      ? { list: list.map((key) => ({ key, results: blockResults(source.plan, sights, key, source.read) })) }
      : {}),
  });
}

/** The result rows that a task's hash covers. */
export function rowsOfHash(
  { plan, manifests }: Pick<InputSource, 'plan' | 'manifests'>,
  task: TaskRow,
  list: readonly string[],
): { block: string; key: string }[] {
  const block = plan.byId.get(task.block)!;
  const manifest = manifests.get(block.type)!;
  const sights = sightsOfList(plan, block, manifest);
  return [
    ...rowsToRead(plan, sightsOfInput(plan, block, manifest), task.key),
    ...rowsToRead(plan, sightsOfHash(plan, block, manifest), task.key),
    ...list.flatMap((key) => rowsToRead(plan, sights, key)),
  ];
}

function sightsOfList(plan: Plan, block: PlannedBlock, manifest: BlockManifest) {
  if (block.input !== 'all') return [];
  const sights = payloadSights(plan, block);
  if (manifest.reads === 'all') return sights;
  const named = namesIn(block.with);
  return sights.filter((sight) => named.has(sight.block));
}

/** What expressions in raw fields name counts as named. */
function sightsOfHash(plan: Plan, block: PlannedBlock, manifest: BlockManifest) {
  if (!manifest.raw || block.input === 'all') return [];
  const named = namesIn(block.with);
  return payloadSights(plan, block).filter((sight) => named.has(sight.block));
}

/** Inputs and variables that travel beside the configuration, where it may name them. */
function namedValues({ inputs, variables }: InputSource, block: PlannedBlock, manifest: BlockManifest) {
  const named = namesIn(block.with);
  const pick = (values: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(values).filter(([name]) => manifest.reads === 'all' || named.has(name)),
    );
  return { inputs: pick(inputs), variables: pick(variables) };
}

/** Every word of the configuration's texts: a block id among them is named, by a template or an expression. */
function namesIn(configuration: unknown): Set<string> {
  const names = new Set(templatePaths(configuration).map((path) => path.split('.')[0]!));
  const walk = (value: unknown): void => {
    if (typeof value === 'string') for (const word of value.match(/[A-Za-z_]\w*/g) ?? []) names.add(word);
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(walk);
  };
  walk(configuration);
  return names;
}
