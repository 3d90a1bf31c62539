import { canonicalJson } from '@duofactory/contracts';
import { alignLists } from './align-lists.js';
import { commonSubsequence } from './common-subsequence.js';

export interface WordChange {
  readonly op: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** One thing that differs between two definitions. */
export interface DefinitionChange {
  /** The first name of the path: `steps`, `model`, `output`. */
  readonly part: string;
  /** Where it is now: `steps.1.text`; of what is removed, where it was. */
  readonly path: string;
  /** Where it was, if that is another place: steps above it came or went. */
  readonly pathBefore?: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before?: unknown;
  readonly after?: unknown;
  /** Of a text that changed: put together, all but `added` is the old text, all but `removed` the new one. */
  readonly words?: WordChange[];
}

/** What differs, in the order of the new definition: field by field, lists by their items, texts word by word. */
export function diffDefinitions(before: unknown, after: unknown): DefinitionChange[] {
  return inValues(before, after, [], []);
}

type Path = readonly (string | number)[];

function inValues(before: unknown, after: unknown, was: Path, is: Path): DefinitionChange[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return inLists(before, after, was, is);
  if (isObject(before) && isObject(after)) return inObjects(before, after, was, is);
  const words =
    typeof before === 'string' && typeof after === 'string' ? { words: diffWords(before, after) } : {};
  return [{ ...placeOf(was, is), kind: 'changed', before, after, ...words }];
}

function inObjects(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  was: Path,
  is: Path,
): DefinitionChange[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return names.flatMap((name) => {
    if (!Object.hasOwn(after, name)) return [removed(before[name], [...was, name])];
    if (!Object.hasOwn(before, name)) return [added(after[name], [...is, name])];
    return inValues(before[name], after[name], [...was, name], [...is, name]);
  });
}

function inLists(
  before: readonly unknown[],
  after: readonly unknown[],
  was: Path,
  is: Path,
): DefinitionChange[] {
  return alignLists(before.map(canonicalJson), after.map(canonicalJson)).flatMap(({ from, to }) => {
    if (to === undefined) return [removed(before[from!], [...was, from!])];
    if (from === undefined) return [added(after[to], [...is, to])];
    return inValues(before[from], after[to], [...was, from], [...is, to]);
  });
}

function added(after: unknown, is: Path): DefinitionChange {
  return { ...placeOf(is, is), kind: 'added', after };
}

function removed(before: unknown, was: Path): DefinitionChange {
  return { ...placeOf(was, was), kind: 'removed', before };
}

function placeOf(was: Path, is: Path): Pick<DefinitionChange, 'part' | 'path' | 'pathBefore'> {
  const [path, pathBefore] = [is.join('.'), was.join('.')];
  return { part: String(is[0] ?? ''), path, ...(path === pathBefore ? {} : { pathBefore }) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

// A variable is one word.
const WORDS = /\{\{[^{}]*\}\}|[\p{L}\p{M}\p{N}_]+|\s+|[^]/gu;
/** Longer texts are compared line by line: the time grows with the square of what differs. */
const MOST_WORDS = 8_000;

function diffWords(before: string, after: string): WordChange[] {
  let [old, young] = [before, after].map((text): string[] => text.match(WORDS) ?? []) as [string[], string[]];
  if (old.length + young.length > MOST_WORDS)
    [old, young] = [before.split(/(?<=\n)/), after.split(/(?<=\n)/)];
  const changes: WordChange[] = [];
  const tell = (op: WordChange['op'], parts: readonly string[]): void => {
    if (parts.length > 0) changes.push({ op, text: parts.join('') });
  };
  let [from, to] = [0, 0];
  const until = (a: number, b: number): void => {
    tell('removed', old.slice(from, a));
    tell('added', young.slice(to, b));
  };
  commonSubsequence(
    old.length,
    young.length,
    (a, b) => old[a] === young[b],
    (common, a, b) => {
      until(a, b);
      tell('same', young.slice(b, b + common));
      [from, to] = [a + common, b + common];
    },
  );
  until(old.length, young.length);
  return changes;
}
