interface Description {
  readonly paths?: Record<string, unknown>;
  readonly components?: { readonly schemas?: Record<string, unknown> };
}

/** One OpenAPI document of several: the services share neither paths nor, by our naming, schemas. */
export function mergeDescriptions(descriptions: readonly object[]): object {
  const all = descriptions as readonly Description[];
  return {
    ...descriptions[0],
    info: { title: 'DuoFactory', version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths: Object.assign({}, ...all.map(({ paths }) => paths)) as object,
    components: { schemas: Object.assign({}, ...all.map((one) => one.components?.schemas)) as object },
  };
}
