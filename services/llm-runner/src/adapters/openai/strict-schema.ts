type Schema = Readonly<Record<string, unknown>>;

/**
 * Can the vendor be held to the schema? Structured outputs want every object closed and all of its properties required.
 * Others are sent as a wish; whatever comes is checked here in any case.
 */
export function isStrict(schema: unknown): boolean {
  if (schema === null || typeof schema !== 'object') return true;
  if (Array.isArray(schema)) return schema.every(isStrict);
  const { type, properties, required, additionalProperties } = schema as Schema;
  if (type === 'object' || properties !== undefined) {
    const names = Object.keys((properties as Schema | undefined) ?? {});
    const needed = new Set((required as string[] | undefined) ?? []);
    if (additionalProperties !== false || names.some((name) => !needed.has(name))) return false;
  }
  return Object.values(schema).every(isStrict);
}
