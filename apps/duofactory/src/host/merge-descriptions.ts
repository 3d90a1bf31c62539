import { isDeepStrictEqual } from 'node:util';

interface Description {
  readonly paths?: Record<string, unknown>;
  readonly components?: { readonly schemas?: Record<string, unknown> };
}

/**
 * One OpenAPI document of several: the services share no paths, and schemas only where they mean the same. Throws where
 * two services call different things by one name.
 */
export function mergeDescriptions(descriptions: readonly object[]): object {
  const all = descriptions as readonly Description[];
  const schemas: Record<string, unknown> = {};
  for (const [name, schema] of all.flatMap((one) => Object.entries(one.components?.schemas ?? {}))) {
    if (Object.hasOwn(schemas, name) && !isDeepStrictEqual(schemas[name], schema))
      throw new Error(`Two services describe different things as "${name}": rename one of them`);
    schemas[name] = schema;
  }
  return {
    ...descriptions[0],
    info: { title: 'DuoFactory', version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths: Object.assign({}, ...all.map(({ paths }) => paths)) as object,
    components: { schemas },
  };
}
