import { closest, templatePaths, type BlockManifest, type WorkflowDefinition } from '@duofactory/contracts';
import type { Plan } from '@duofactory/engine';
import { rootNames } from '@duofactory/expressions';
import type { DefinitionFault } from './check-definition.js';

interface Schema {
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** What `until` sees beside inputs and variables. */
const OF_A_ROUND = ['round', 'payloads'];

/**
 * Names in expressions that no block above, input or variable gives: in `with`, `when` and `until`. Without a plan, for
 * what is wrong with the blocks themselves, those that nothing at all is called by, and in templates too: whoever mends
 * the one is told of the other at once.
 */
export function unknownNames(
  { blocks, inputs = {}, variables = {} }: WorkflowDefinition,
  manifests: ReadonlyMap<string, BlockManifest>,
  plan: Plan | undefined,
): DefinitionFault[] {
  const all = blocks.map(({ id }) => id);
  const global = [...Object.keys(inputs), ...Object.keys(variables)];
  return blocks.flatMap((block) => {
    const known = [...(plan ? plan.byId.get(block.id)!.above : all), ...global];
    const manifest = manifests.get(block.type);
    const { when, repeat } = block;
    const inTemplates = plan ? [] : unknownInTemplates(block, manifest?.raw ?? [], known);
    const inExpressions = [
      ...expressionsIn(block.with ?? {}, (manifest?.with ?? {}) as Schema).map(({ path, text }) => ({
        ...{ field: ['with', ...path].join('.'), text, known },
      })),
      ...(when === undefined ? [] : [{ field: 'when', text: when, known }]),
      ...(repeat?.until === undefined
        ? []
        : [{ field: 'repeat.until', text: repeat.until, known: [...global, ...OF_A_ROUND] }]),
    ].flatMap((expression) => faultsOf(block.id, expression));
    return [...inTemplates, ...inExpressions];
  });
}

function unknownInTemplates(
  { id, with: settings = {} }: WorkflowDefinition['blocks'][number],
  raw: readonly string[],
  known: readonly string[],
): DefinitionFault[] {
  return Object.entries(settings).flatMap(([name, value]) =>
    raw.includes(name)
      ? []
      : templatePaths(value).flatMap((path) => {
          const root = path.replace(/^image:/, '').split('.')[0]!;
          if (known.includes(root)) return [];
          const near = closest(root, known);
          return {
            code: 'missing-variable',
            block: id,
            field: `blocks.${id}.with.${name}`,
            message: `Nothing gives "{{${path}}}": no block, input or variable is called "${root}"${near ? ` (did you mean "${near}"?)` : ''}`,
          };
        }),
  );
}

function faultsOf(
  block: string,
  { field, text, known }: { field: string; text: string; known: readonly string[] },
): DefinitionFault[] {
  return rootNames(text)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = closest(name, known);
      return {
        code: 'unknown-variable',
        block,
        field: `blocks.${block}.${field}`,
        message: `"${text}" reads "${name}", and no block above, input or variable gives it${near ? ` (did you mean "${near}"?)` : `; it sees ${known.join(', ') || 'nothing'}`}`,
      };
    });
}

/** The texts that a block type's schema says are expressions. */
function expressionsIn(
  value: unknown,
  schema: Schema,
  path: readonly string[] = [],
): { path: readonly string[]; text: string }[] {
  if (typeof value === 'string') {
    const isExpression = [schema, ...(schema.anyOf ?? [])].some(({ format }) => format === 'expression');
    return isExpression ? [{ path, text: value }] : [];
  }
  const shapes = [schema, ...(schema.anyOf ?? [])];
  if (Array.isArray(value)) {
    const items = shapes.find((shape) => shape.items)?.items;
    return items ? value.flatMap((item, i) => expressionsIn(item, items, [...path, String(i)])) : [];
  }
  if (value === null || typeof value !== 'object') return [];
  const properties = shapes.find((shape) => shape.properties)?.properties ?? {};
  return Object.entries(value).flatMap(([name, inner]) => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return property ? expressionsIn(inner, property, [...path, name]) : [];
  });
}
