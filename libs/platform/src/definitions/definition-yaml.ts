import { hashJson } from '@duofactory/contracts';
import {
  Document,
  LineCounter,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  stringify,
  visit,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { alignLists } from './align-lists.js';

/** A text is no YAML document. */
export class InvalidYaml extends Error {
  constructor(
    message: string,
    /** Counted from 1. */
    readonly line: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Throws InvalidYaml. */
export function readYaml(text: string): unknown {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const [error] = parsed.errors;
  if (error) throw new InvalidYaml(error.message, lines.linePos(error.pos[0]).line);
  visit(parsed, {
    Alias: (_key, alias, path) => {
      if (!path.includes(alias.resolve(parsed)!)) return;
      const { line } = lines.linePos(alias.range![0]);
      throw new InvalidYaml(`What is anchored as "${alias.source}" holds itself`, line);
    },
  });
  try {
    // Aliases are expanded within a bound: a file of a few lines must not fill the memory.
    return parsed.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (cause) {
    throw new InvalidYaml((cause as Error).message, 1, { cause });
  }
}

const STYLE = { lineWidth: 0, aliasDuplicateObjects: false } as const;

/** YAML that reads as the very same value. */
export function writeYaml(value: unknown): string {
  return faithful(stringify(value, STYLE), value) ?? `${JSON.stringify(value, null, 2)}\n`;
}

/** The YAML with another value: comments, anchors and the way of writing stay where the value stays. */
export function rewriteYaml(source: string, value: unknown): string {
  const asIs = parseDocument(source);
  if (asIs.errors.length > 0) return writeYaml(value);
  // Where an alias outlives its anchor, what aliases stand for is written out: comments are worth more than anchors.
  return (
    patchedText(asIs, value) ?? patchedText(writtenOut(parseDocument(source)), value) ?? writeYaml(value)
  );
}

function patchedText(document: Document, value: unknown): string | undefined {
  try {
    document.contents = patched(document, document.contents, value);
    return faithful(document.toString(STYLE), value);
  } catch {
    return undefined;
  }
}

function writtenOut(document: Document): Document {
  const meant = new Map<Node, unknown>();
  visit(document, { Alias: (_key, alias) => void meant.set(alias, alias.toJS(document)) });
  visit(document, {
    Node: (_key, node) => {
      if (meant.has(node)) return inPlaceOf(document, node, meant.get(node));
      if (!isAlias(node)) delete node.anchor;
      return undefined;
    },
  });
  return document;
}

function faithful(text: string, value: unknown): string | undefined {
  try {
    return hashJson(readYaml(text)) === hashJson(value) ? text : undefined;
  } catch {
    return undefined;
  }
}

function patched(document: Document, node: Node | null, value: unknown): Node | null {
  if (node !== null && hashJson(node.toJS(document)) === hashJson(value)) return node;
  if (isAlias(node)) return inPlaceOf(document, node, value);
  if (isMap(node) && value !== null && typeof value === 'object' && !Array.isArray(value))
    return patchedMap(document, node, value as Record<string, unknown>);
  if (isSeq(node) && Array.isArray(value)) return patchedList(document, node, value);
  if (isScalar(node) && (value === null || typeof value !== 'object')) {
    // The old way of writing may not fit the new value.
    delete node.source;
    if (typeof node.value !== typeof value) delete node.type;
    node.value = value;
    return node;
  }
  return document.createNode(value);
}

/** What was said of the one is said of the other. */
function inPlaceOf(document: Document, { comment, commentBefore }: Node, value: unknown): Node {
  return Object.assign(document.createNode(value) as Node, { comment, commentBefore });
}

function patchedMap(document: Document, node: YAMLMap, value: Record<string, unknown>): Node {
  const nameOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);
  node.items = node.items.filter((pair) => Object.hasOwn(value, nameOf(pair)));
  for (const [name, member] of Object.entries(value)) {
    const pair = node.items.find((one) => nameOf(one) === name);
    if (pair) pair.value = patched(document, pair.value as Node | null, member);
    else node.items.push(document.createPair(name, member));
  }
  return node;
}

function patchedList(document: Document, node: YAMLSeq, value: readonly unknown[]): Node {
  const before = node.items as Node[];
  const hashes = before.map((item) => hashJson(item.toJS(document)));
  const after = value.map((item) => hashJson(item));
  node.items = alignLists(hashes, after).flatMap(({ from, to }) =>
    to === undefined
      ? []
      : [
          from === undefined
            ? document.createNode(value[to])
            : patched(document, before[from] ?? null, value[to]),
        ],
  );
  return node;
}
