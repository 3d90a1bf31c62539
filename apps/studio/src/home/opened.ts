import { KeptChoice } from '../values/kept.js';

const MOST_KEPT = 8;
const OF_A_DEFINITION = /^\/(workflows|prompts|evaluators|golden-sets)\/([^/]+)$/;

export type OpenedKind = 'workflows' | 'prompts' | 'evaluators' | 'golden-sets';

/** What somebody has opened in this browser, the last one first, as `prompts/title`. */
export const openedLately = new KeptChoice<readonly string[]>('duofactory-opened', (kept) =>
  Array.isArray(kept) ? kept.filter((place) => typeof place === 'string').slice(0, MOST_KEPT) : [],
);

/** Of a screen that has been gone to, by its path: what it shows may be gone back to from Home. */
export function noteOpened(path: string): void {
  const [, kind, id] = OF_A_DEFINITION.exec(path) ?? [];
  if (kind === undefined || id === undefined) return;
  const place = `${kind}/${decodeURIComponent(id)}`;
  const { value } = openedLately;
  if (value[0] !== place)
    openedLately.choose([place, ...value.filter((one) => one !== place)].slice(0, MOST_KEPT));
}
