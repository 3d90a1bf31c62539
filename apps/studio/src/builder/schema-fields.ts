/** What the form knows of a field: the manifest's schema of it, and nothing else. */
export interface FieldSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly FieldSchema[];
  readonly format?: string;
  readonly items?: FieldSchema;
}

export interface Field {
  readonly name: string;
  readonly schema: FieldSchema;
  readonly required: boolean;
}

/** How a field is edited. */
export type Control =
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'reference'; readonly of: string }
  | { readonly kind: 'list'; readonly of: string | undefined }
  | { readonly kind: 'switch' }
  | { readonly kind: 'number' }
  | { readonly kind: 'text' }
  | { readonly kind: 'structure' };

const REFERENCE = 'reference:';

/** The fields of a block's `with`: what must be said before what may. */
export function fieldsOf(schema: unknown): Field[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, FieldSchema>;
    required?: readonly string[];
  };
  const fields = Object.entries(properties).map(([name, schema_]) => ({
    name,
    schema: schema_,
    // A default fills what is not said.
    required: required.includes(name) && schema_.default === undefined,
  }));
  return fields.sort((a, b) => Number(b.required) - Number(a.required));
}

export function controlOf(schema: FieldSchema): Control {
  const options = schema.enum ?? schema.anyOf?.map((one) => one.const);
  if (options && options.length > 0 && options.every((one) => typeof one === 'string'))
    return { kind: 'choice', options };
  if (schema.format?.startsWith(REFERENCE))
    return { kind: 'reference', of: schema.format.slice(REFERENCE.length) };
  switch (schema.type) {
    case 'boolean':
      return { kind: 'switch' };
    case 'number':
    case 'integer':
      return { kind: 'number' };
    case 'string':
      return { kind: 'text' };
    case 'array':
      return schema.items?.type === 'string'
        ? { kind: 'list', of: referenceOf(schema.items) }
        : { kind: 'structure' };
    default:
      return { kind: 'structure' };
  }
}

function referenceOf({ format }: FieldSchema): string | undefined {
  return format?.startsWith(REFERENCE) ? format.slice(REFERENCE.length) : undefined;
}
