import { canonicalJson } from '@duofactory/contracts';
import type { ListedEpisode } from '../store/listing.js';

/** What a course's readers begin with: which episodes there are, and which version of each. */
export interface CourseManifest {
  readonly schemaVersion: 1;
  /** Grows with every manifest of the course, so that none has the bytes, and so the etag, of one before. */
  readonly revision: number;
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

export function manifestName(environment: string, course: string): string {
  return `courses/${environment}/${course}/manifest.json`;
}

/** The manifest of what is listed: the one before, where that says the same. */
export function courseManifest(
  course: CourseManifest['course'],
  listed: readonly ListedEpisode[],
  before: CourseManifest | undefined,
): CourseManifest {
  const episodes = listed.flatMap(({ id, listed: version, node, slot, title, object }) =>
    version === null ? [] : [{ id, version, node, slot, title: title!, object: object! }],
  );
  const after = { schemaVersion: 1 as const, revision: (before?.revision ?? 0) + 1, course, episodes };
  return before && canonicalJson({ ...after, revision: before.revision }) === canonicalJson(before)
    ? before
    : after;
}
