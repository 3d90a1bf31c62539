type Schema = Readonly<Record<string, unknown>>;

/** What structured outputs know of a schema; anything else is refused, and so is every call with it. */
const KNOWN = new Set([
  ...['type', 'enum', 'const', 'anyOf', '$ref', '$defs', 'definitions', 'title', 'description'],
  ...['properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems'],
  ...['pattern', 'format', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
]);
const FORMATS = new Set<unknown>([
  ...['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid'],
]);
/** One of them says what a value is. */
const SAYS_WHAT = ['type', 'enum', 'const', 'anyOf', '$ref'];

/**
 * Can the vendor be held to the schema? Structured outputs want every object closed and all of its properties required,
 * and know a part of JSON Schema only. Others are sent as a wish; whatever comes is checked here in any case.
 */
export function isStrict(schema: unknown): boolean {
  return !('anyOf' in (schema as Schema)) && isKnown(schema);
}

function isKnown(schema: unknown): boolean {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) return false;
  const { format, anyOf = [], items, $defs = {}, definitions = {}, properties = {} } = schema as Schema;
  const names = Object.keys(schema);
  if (!names.every((name) => KNOWN.has(name)) || !names.some((name) => SAYS_WHAT.includes(name)))
    return false;
  if (format !== undefined && !FORMATS.has(format)) return false;
  const within = [anyOf, $defs, definitions, properties].flatMap((part) => Object.values(part as Schema));
  return isClosed(schema as Schema) && [...within, ...(items === undefined ? [] : [items])].every(isKnown);
}

function isClosed({ type, properties, required = [], additionalProperties }: Schema): boolean {
  const isObject = [type].flat().includes('object') || properties !== undefined;
  const needed = new Set(required as string[]);
  return (
    !isObject ||
    (additionalProperties === false && Object.keys(properties ?? {}).every((name) => needed.has(name)))
  );
}
