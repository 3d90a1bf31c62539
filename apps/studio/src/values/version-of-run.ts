/** Which version a run is of; of a draft as it was then, whose number stands in no list of versions, `draft`. */
export function versionOfRun({ version, published }: { version: number; published: boolean }): string {
  return published ? String(version) : 'draft';
}
