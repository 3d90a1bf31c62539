import type { RunChoice, TestsChoice } from '../frame/status.js';
import { RUN_CHOICES, TESTS_CHOICES } from '../frame/status.js';
import { isObject } from '../values/is-object.js';
import { KeptChoice } from '../values/kept.js';

/** What narrows the list of runs down, as its address has it. */
export interface RunsSearch {
  readonly status?: RunChoice;
  readonly workflow?: string;
  /** A time, or the last midnight of whoever looks. */
  readonly endedSince?: string;
  readonly tests?: TestsChoice;
}

export interface SavedView {
  readonly name: string;
  readonly search: RunsSearch;
}

/** Filters that this person has given a name, in this browser; others get them by their address. */
export const savedViews = new KeptChoice<readonly SavedView[]>('duofactory-views-of-runs', (kept) =>
  Array.isArray(kept) ? kept.filter(isView) : [],
);

/** In the place of the one that had this name. */
export function saveView(view: SavedView): void {
  const others = savedViews.value.filter(({ name }) => name !== view.name);
  savedViews.choose([...others, view].sort((a, b) => a.name.localeCompare(b.name)));
}

export function forgetView(name: string): void {
  savedViews.choose(savedViews.value.filter((one) => one.name !== name));
}

export function isSameSearch(a: RunsSearch, b: RunsSearch): boolean {
  return (
    a.status === b.status && a.workflow === b.workflow && a.endedSince === b.endedSince && a.tests === b.tests
  );
}

function isView(kept: unknown): kept is SavedView {
  if (!isObject(kept) || typeof kept['name'] !== 'string' || !isObject(kept['search'])) return false;
  const { status, workflow, endedSince, tests } = kept['search'];
  const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';
  return (
    (status === undefined || (typeof status === 'string' && Object.hasOwn(RUN_CHOICES, status))) &&
    isText(workflow) &&
    isText(endedSince) &&
    (tests === undefined || (typeof tests === 'string' && Object.hasOwn(TESTS_CHOICES, tests)))
  );
}
