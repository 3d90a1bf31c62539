import { ConditionFailed, type ObjectStore } from '@duofactory/objects';

/** What a course's readers begin with: which episodes there are, and which version of each. */
export interface CourseManifest {
  readonly schemaVersion: 1;
  readonly course: { readonly id: string; readonly from: string; readonly to: string };
  readonly episodes: readonly ManifestEntry[];
}

export interface ManifestEntry {
  readonly id: string;
  readonly version: number;
  readonly node: string;
  readonly slot: number;
  readonly title: string;
  /** Name of its `episode.json` in the store. */
  readonly object: string;
}

const MOST_TRIES = 200;

/** Enters a version into its course's manifest, unless a newer one stands there. Of many writers none is lost. */
export async function enterIntoManifest(
  objects: ObjectStore,
  of: { environment: string; course: CourseManifest['course']; entry: ManifestEntry },
): Promise<void> {
  const name = `courses/${of.environment}/${of.course.id}/manifest.json`;
  for (let tries = 1; ; tries += 1) {
    const found = await objects.getNamed(name);
    const before = found && (JSON.parse(Buffer.from(found.bytes).toString()) as CourseManifest);
    const standing = before?.episodes.find(({ id }) => id === of.entry.id);
    if (standing && standing.version >= of.entry.version) return;
    const others = before?.episodes.filter(({ id }) => id !== of.entry.id) ?? [];
    const manifest: CourseManifest = {
      schemaVersion: 1,
      course: of.course,
      episodes: [...others, of.entry].sort(
        (a, b) => compare(a.node, b.node) || a.slot - b.slot || compare(a.id, b.id),
      ),
    };
    const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
    try {
      await objects.putNamed(
        name,
        bytes,
        'application/json',
        found ? { ifMatch: found.etag } : { ifNoneMatch: '*' },
      );
      return;
    } catch (error) {
      if (!(error instanceof ConditionFailed) || tries === MOST_TRIES) throw error;
    }
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
