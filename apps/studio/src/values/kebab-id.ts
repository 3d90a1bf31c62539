/** The nearest id to a name: "Wrappers (2)" is `wrappers-2`. */
export function kebabIdOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 100);
}

/** Why this cannot be the id of a new one, with an id that can. */
export function idFault(id: string): string | undefined {
  if (id === '' || /^[a-z0-9][a-z0-9-]{0,99}$/.test(id)) return undefined;
  const near = kebabIdOf(id);
  return `Small letters, digits and "-" only${near === '' ? '' : `, such as ${near}`}`;
}
