import {
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isObject } from '../values/is-object.js';
import { mergeLists } from './merge-lists.js';
import { commentsOf, mergeLines } from './merge-lines.js';
import { MOST_ALIASES, readYaml } from './read-yaml.js';
import { keepingAliases } from './yaml-aliases.js';
import type { Path } from './yaml-edits.js';

/** A place that both changed, each in another way. */
export interface Clash {
  /** Items of lists by their id, else by where they are: mine, or theirs where I have none. Empty: the whole text. */
  readonly path: Path;
  /** undefined: I took it away. */
  readonly mine: unknown;
  /** undefined: they took it away. */
  readonly theirs: unknown;
}

export type Side = 'mine' | 'theirs';

export interface Merge {
  readonly text: string;
  readonly clashes: readonly Clash[];
  /** What came from them. */
  readonly taken: readonly Path[];
  /** New comments of theirs that no text here has: they stand where I changed something, too. */
  readonly commentsLeft: readonly string[];
}

interface Texts {
  /** What both began with; undefined: nobody knows any more. */
  readonly base: string | undefined;
  readonly mine: string;
  readonly theirs: string;
}

/**
 * My text with what they changed meanwhile, by fields, steps and blocks. What both changed stays mine, unless `choose`
 * says otherwise, and is told. Comments and anchors of mine stay where the value stays.
 */
export function mergeTexts(texts: Texts, choose: (clash: Clash) => Side = () => 'mine'): Merge {
  const read = readAll(texts);
  if (!read) return wholeText(texts, choose);
  const { document, base, mine, theirs } = read;
  const merging = new Merging(document, choose);
  keepingAliases(document, () => {
    const contents = merging.merged(document.contents, { base, mine, theirs }, []);
    document.contents = contents as typeof document.contents;
  });
  const { clashes, taken } = merging;
  const byValue = taken.length === 0 ? texts.mine : document.toString({ lineWidth: 110 });
  const text = clashes.length === 0 ? withTheirComments(texts, byValue) : byValue;
  return {
    ...{ text, clashes, taken: text !== texts.mine && taken.length === 0 ? [COMMENTS] : taken },
    commentsLeft: commentsOf(texts.theirs).filter(
      (comment) => ![texts.base ?? '', text].some((one) => one.includes(comment)),
    ),
  };
}

/** Where what they wrote says nothing else. */
const COMMENTS: Path = ['comments'];

/** The merged text as both wrote it, where its lines say the same as its values. */
function withTheirComments({ base, mine, theirs }: Texts, byValue: string): string {
  if (base === undefined || theirs === base || theirs === mine) return byValue;
  const byLine = mergeLines({ base, mine, theirs });
  if (byLine === undefined || byLine === byValue) return byValue;
  const [one, other] = [byLine, byValue].map((text) => readYaml(text));
  return 'value' in one! && 'value' in other! && isSame(one.value, other.value) ? byLine : byValue;
}

/** A text that cannot be read as fields is one place. */
function wholeText({ mine, theirs }: Texts, choose: (clash: Clash) => Side): Merge {
  const clash = { path: [], mine, theirs };
  if (mine === theirs) return { text: mine, clashes: [], taken: [], commentsLeft: [] };
  const isTheirs = choose(clash) === 'theirs';
  return { text: isTheirs ? theirs : mine, clashes: [clash], taken: isTheirs ? [[]] : [], commentsLeft: [] };
}

interface Values {
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

function readAll({ base, mine, theirs }: Texts): (Values & { document: Document }) | undefined {
  if (base === undefined) return undefined;
  const documents = [base, mine, theirs].map((text) => parseDocument(text));
  if (documents.some(({ errors, contents }) => errors.length > 0 || !isMap(contents))) return undefined;
  try {
    const [was, is, other] = documents.map((one): unknown => one.toJS({ maxAliasCount: MOST_ALIASES }));
    return { document: documents[1] as Document, base: was, mine: is, theirs: other };
  } catch {
    return undefined;
  }
}

class Merging {
  readonly clashes: Clash[] = [];
  readonly taken: Path[] = [];

  constructor(
    private readonly document: Document,
    private readonly choose: (clash: Clash) => Side,
  ) {}

  /** The node that stands at a place; undefined: nothing does. `node`: mine, changed in place. */
  merged(node: unknown, of: Values, path: Path): Node | undefined {
    const { base, mine, theirs } = of;
    const own = node as Node | undefined;
    if (isSame(theirs, base) || isSame(theirs, mine)) return own;
    if (isMap(own) && isObject(theirs) && (isObject(base) || base === undefined))
      return this.#mergedMap(own, { base: base ?? {}, mine: mine as Fields, theirs }, path);
    if (isSeq(own) && Array.isArray(theirs) && Array.isArray(base))
      return this.#mergedList(own, { base, mine: mine as unknown[], theirs }, path);
    if (!isSame(mine, base)) {
      const clash = { path, mine, theirs };
      this.clashes.push(clash);
      if (this.choose(clash) === 'mine') return own;
    }
    this.taken.push(path);
    return this.#written(own, theirs);
  }

  #written(own: Node | undefined, value: unknown): Node | undefined {
    if (value === undefined) return undefined;
    if (!isScalar(own) || typeof own.value !== typeof value) return this.document.createNode(value);
    // In its place, so that its anchor and comment stay.
    own.value = value;
    return own;
  }

  #mergedMap(node: YAMLMap, of: { base: Fields; mine: Fields; theirs: Fields }, path: Path): Node {
    const names = new Set([...Object.keys(of.mine), ...Object.keys(of.base), ...Object.keys(of.theirs)]);
    for (const name of names) {
      const before = node.get(name, true) as Node | undefined;
      const values = { base: of.base[name], mine: of.mine[name], theirs: of.theirs[name] };
      const after = this.merged(before, values, [...path, name]);
      if (after === undefined) node.delete(name);
      else if (after !== before) node.set(name, after);
    }
    return node;
  }

  #mergedList(
    node: YAMLSeq,
    { base, mine, theirs }: { base: unknown[]; mine: unknown[]; theirs: unknown[] },
    path: Path,
  ): Node {
    const own = [...node.items] as Node[];
    node.items = mergeLists({ base, mine, theirs }).flatMap((place) => {
      const at = <T>(list: readonly T[], which: number | undefined): T | undefined =>
        which === undefined ? undefined : list[which];
      const values = {
        base: at(base, place.base),
        mine: at(mine, place.mine),
        theirs: at(theirs, place.theirs),
      };
      const item = this.merged(at(own, place.mine), values, [...path, nameOf(values, place)]);
      return item === undefined ? [] : [item];
    });
    const items = node.items as Node[];
    const kept = items.filter((item) => own.includes(item));
    // Order alone is a change, too.
    if (own.filter((item) => items.includes(item)).some((item, at) => item !== kept[at]))
      this.taken.push(path);
    return node;
  }
}

function nameOf(
  { mine, theirs, base }: Values,
  place: { mine?: number | undefined; theirs?: number | undefined },
) {
  const { id } = (mine ?? theirs ?? base ?? {}) as { id?: unknown };
  return typeof id === 'string' ? id : (place.mine ?? place.theirs ?? 0);
}

type Fields = Readonly<Record<string, unknown>>;

/** The same fields in another order are the same. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, at) => isSame(item, other[at]));
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
  );
}
