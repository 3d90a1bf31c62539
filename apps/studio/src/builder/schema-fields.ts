import type { NumberLimits } from '../frame/typed-number.js';
import { isObject } from '../values/is-object.js';

/** What the form knows of a field: the manifest's schema of it, and nothing else. */
export interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly FieldSchema[];
  readonly oneOf?: readonly FieldSchema[];
  readonly format?: string;
  readonly items?: FieldSchema;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  /** Here alone: what is required besides where a field has a certain value. */
  readonly allOf?: readonly Condition[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  /** An annotation of ours: what the number counts, such as `s` or `words`. */
  readonly unit?: string;
}

export interface Condition {
  readonly if?: { readonly properties?: Readonly<Record<string, { readonly const?: unknown }>> };
  readonly then?: { readonly required?: readonly string[] };
}

export interface Field {
  readonly name: string;
  readonly schema: FieldSchema;
  readonly required: boolean;
}

export interface Option {
  readonly value: unknown;
  readonly label: string;
}

/** How a field is edited. */
export type Control =
  | { readonly kind: 'choice'; readonly options: readonly Option[] }
  | { readonly kind: 'reference'; readonly of: string }
  /** One a line: texts, or numbers. */
  | { readonly kind: 'list'; readonly of: string | undefined; readonly isNumbers: boolean }
  | { readonly kind: 'switch' }
  | { readonly kind: 'number'; readonly limits: NumberLimits }
  | { readonly kind: 'text' }
  /** Fields of their own. */
  | { readonly kind: 'group' }
  /** Items with fields of their own. */
  | { readonly kind: 'items'; readonly of: FieldSchema }
  /** One of several forms. */
  | { readonly kind: 'variants'; readonly of: readonly FieldSchema[] }
  | { readonly kind: 'structure' };

const REFERENCE = 'reference:';

/** The fields of an object: what must be said before what may. */
export function fieldsOf(schema: unknown): Field[] {
  const { properties = {}, required = [] } = (schema ?? {}) as FieldSchema;
  const fields = Object.entries(properties).map(([name, schema_]) => ({
    name,
    schema: schema_,
    // A default fills what is not said.
    required: required.includes(name) && schema_.default === undefined,
  }));
  return fields.sort((a, b) => Number(b.required) - Number(a.required));
}

/** The fields that must be said, by what is said already. */
export function requiredFields(schema: unknown, said: Readonly<Record<string, unknown>>): Field[] {
  const { allOf = [] } = (schema ?? {}) as FieldSchema;
  const besides = allOf.flatMap(({ if: given, then }) => {
    const conditions = Object.entries(given?.properties ?? {});
    const isSo =
      conditions.length > 0 && conditions.every(([name, { const: value }]) => said[name] === value);
    return isSo ? (then?.required ?? []) : [];
  });
  return fieldsOf(schema).filter(({ name, required }) => required || besides.includes(name));
}

export function controlOf(given: FieldSchema): Control {
  const schema = withoutNull(given);
  const options = optionsOf(schema);
  if (options) return { kind: 'choice', options };
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants && variants.length > 1 && variants.every(isDrawn)) return { kind: 'variants', of: variants };
  const of = referenceOf(schema);
  if (of !== undefined) return { kind: 'reference', of };
  switch (schema.type) {
    case 'boolean':
      return { kind: 'switch' };
    case 'number':
    case 'integer':
      return { kind: 'number', limits: { ...schema, isWhole: schema.type === 'integer' } };
    case 'string':
      return { kind: 'text' };
    case 'array':
      return listOf(schema);
    case 'object':
      return fieldsOf(schema).length > 0 ? { kind: 'group' } : { kind: 'structure' };
    default:
      return { kind: 'structure' };
  }
}

/** The form that a value has, of several: the first that it fits by its type and its constants. */
export function variantOf(variants: readonly FieldSchema[], value: unknown): number {
  return variants.findIndex((variant) => hasForm(variant, value));
}

/** What a variant begins with: what it says of itself. */
export function beginningOf(variant: FieldSchema): unknown {
  if (variant.type !== 'object') return undefined;
  const said = Object.entries(variant.properties ?? {}).flatMap(([name, { const: constant }]) =>
    constant === undefined ? [] : [[name, constant] as const],
  );
  return Object.fromEntries(said);
}

export function variantName(variant: FieldSchema, at: number): string {
  const said = Object.values((beginningOf(variant) ?? {}) as Record<string, unknown>)[0];
  const type = typeof variant.type === 'string' ? TYPE_WORDS[variant.type] : undefined;
  return variant.title ?? (typeof said === 'string' ? said : undefined) ?? type ?? `Form ${at + 1}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'Text',
  number: 'Number',
  integer: 'Number',
  boolean: 'Yes or no',
  array: 'List',
  object: 'Fields',
};

export const isNullable = ({ type, anyOf, oneOf }: FieldSchema): boolean =>
  (Array.isArray(type) && type.includes('null')) ||
  (anyOf ?? oneOf ?? []).some((one) => one.type === 'null' || one.const === null);

/** null is "nothing said": what else it may be decides how it is edited. */
function withoutNull(schema: FieldSchema): FieldSchema {
  const { type, anyOf, oneOf, ...rest } = schema;
  if (Array.isArray(type)) {
    const [only, ...others] = type.filter((one) => one !== 'null') as string[];
    return others.length === 0 && only !== undefined ? { ...rest, type: only } : rest;
  }
  const variants = anyOf ?? oneOf;
  if (!variants || !isNullable(schema)) return schema;
  const left = variants.filter((one) => one.type !== 'null' && one.const !== null);
  return left.length === 1 ? { ...rest, ...left[0]! } : { ...rest, anyOf: left };
}

function optionsOf(schema: FieldSchema): Option[] | undefined {
  const said =
    schema.enum?.map((value) => ({ value, label: labelOf(value) })) ??
    (schema.oneOf ?? schema.anyOf)?.map((one) => ({
      value: one.const,
      label: one.title ?? labelOf(one.const),
    }));
  const isChoice = said && said.length > 0 && said.every(({ value }) => isScalar(value));
  return isChoice ? said : undefined;
}

export const labelOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** Only forms that a person can tell apart and fill are offered; anything else is a structure. */
function isDrawn(variant: FieldSchema): boolean {
  return typeof variant.type === 'string' && controlOf(variant).kind !== 'structure';
}

function hasForm(variant: FieldSchema, value: unknown): boolean {
  const { kind } = controlOf(variant);
  if (kind === 'group') {
    if (!isObject(value)) return false;
    return Object.entries(variant.properties ?? {}).every(
      ([name, { const: constant }]) => constant === undefined || value[name] === constant,
    );
  }
  if (kind === 'items' || kind === 'list') return Array.isArray(value);
  if (kind === 'number') return typeof value === 'number';
  if (kind === 'switch') return typeof value === 'boolean';
  return typeof value === 'string';
}

function listOf({ items = {} }: FieldSchema): Control {
  if (items.type === 'string' && !items.enum)
    return { kind: 'list', of: referenceOf(items), isNumbers: false };
  if (items.type === 'number' || items.type === 'integer')
    return { kind: 'list', of: undefined, isNumbers: true };
  return controlOf(items).kind === 'structure' ? { kind: 'structure' } : { kind: 'items', of: items };
}

/** What it names, if it names something that has versions. */
export const referenceKind = (control: Control): string | undefined =>
  'of' in control && typeof control.of === 'string' ? control.of : undefined;

function referenceOf({ format }: FieldSchema): string | undefined {
  return format?.startsWith(REFERENCE) ? format.slice(REFERENCE.length) : undefined;
}
