import { isAlias, isSeq, parseDocument, visit, type Document } from 'yaml';
import { editYaml, type Path } from '../draft/yaml-edits.js';

/**
 * A workflow's text, cut at its blocks, so that a key typed in one of three hundred reads and writes that one alone.
 * Only what is laid out as the studio writes it is cut. Where anything else could be meant (anchors, other indents,
 * faults), there are no pieces, and the whole document is read.
 */
export interface Pieces {
  /** Up to and with the line `blocks:`. */
  readonly head: string;
  /** A block each, with the comments above it. */
  readonly blocks: readonly string[];
  readonly tail: string;
}

const LIST = 'blocks:\n';
const EMPTY_LIST = 'blocks: []\n';
const BLOCK = /^ {2}- /;
const COMMENT = /^ {0,2}#/;
const INSIDE = /^ {4}|^ *$/;
/** Of other documents in one text, carriage returns and tabs nothing is guessed. */
const UNUSUAL = /\r|^(?:---|\.\.\.|%|\s*\t)/m;
/** A text that ends with the breaks after it: where it ends is not where its lines end. */
const KEEPS_BREAKS = /[|>]\d?\+/;

export function cut(text: string): Pieces | undefined {
  if (UNUSUAL.test(text) || !text.endsWith('\n')) return undefined;
  const lines = text.slice(0, -1).split('\n');
  const list = lines.indexOf('blocks:');
  if (list < 0 || lines.indexOf('blocks:', list + 1) >= 0) return undefined;
  const starts: number[] = [];
  let end = list + 1;
  for (; end < lines.length; end += 1) {
    const line = lines[end]!;
    if (BLOCK.test(line)) starts.push(end);
    else if (/^[^ #]/.test(line)) break;
    else if (!COMMENT.test(line) && (!INSIDE.test(line) || starts.length === 0)) return undefined;
  }
  const [first] = starts;
  if (first === undefined) return undefined;
  // What is said above a block is said of it.
  const from = starts.map((start) => {
    let at = start;
    while (at > list + 1 && COMMENT.test(lines[at - 1]!)) at -= 1;
    return at;
  });
  if (from[0] !== list + 1) return undefined;
  const part = (begin: number, stop: number): string =>
    lines
      .slice(begin, stop)
      .map((line) => `${line}\n`)
      .join('');
  return {
    head: part(0, list + 1),
    blocks: from.map((begin, n) => part(begin, from[n + 1] ?? end)),
    tail: part(end, lines.length),
  };
}

export interface ReadPieces {
  readonly definition: Record<string, unknown>;
  readonly blocks: readonly unknown[];
}

/** What the text means; a block that did not change is the same object as before. undefined: read it as a whole. */
export function readPieces(text: string): ReadPieces | undefined {
  const pieces = cut(text);
  if (!pieces) return undefined;
  const definition = known(`${pieces.head.slice(0, -LIST.length)}${EMPTY_LIST}${pieces.tail}`);
  const read = pieces.blocks.map((piece) => known(LIST + piece));
  if (!definition || read.some((one) => !one)) return undefined;
  const blocks = read.map((one) => (one as { blocks: unknown[] }).blocks[0]);
  return { definition: { ...definition, blocks }, blocks };
}

/** The text with a value set; undefined: set it in the whole document. */
export function setInPieces(text: string, path: Path, value: unknown): string | undefined {
  const pieces = cut(text);
  if (!pieces || !readPieces(text)) return undefined;
  const [list, at, ...inside] = path;
  const isOfBlock = list === 'blocks';
  if (isOfBlock) {
    const piece = typeof at === 'number' && inside.length > 0 ? pieces.blocks[at] : undefined;
    if (piece === undefined || KEEPS_BREAKS.test(piece)) return undefined;
    const said = piece.trimEnd();
    const edited = editYaml(`${LIST}${said}\n`, [{ kind: 'set', path: ['blocks', 0, ...inside], value }]);
    if (!edited.startsWith(LIST)) return undefined;
    const next = edited.slice(LIST.length) + piece.slice(said.length + 1);
    const after = { ...pieces, blocks: pieces.blocks.with(at as number, next) };
    return isStill(after, pieces.blocks.length) ? joined(after) : undefined;
  }
  const frame = `${pieces.head.slice(0, -LIST.length)}${EMPTY_LIST}${pieces.tail}`;
  const [head, tail, ...more] = editYaml(frame, [{ kind: 'set', path, value }]).split(`\n${EMPTY_LIST}`);
  if (head === undefined || tail === undefined || more.length > 0) return undefined;
  return joined({ head: `${head}\n${LIST}`, blocks: pieces.blocks, tail });
}

const joined = ({ head, blocks, tail }: Pieces): string => head + blocks.join('') + tail;

/** What was written is cut as what was read. */
function isStill(after: Pieces, blocks: number): boolean {
  return cut(joined(after))?.blocks.length === blocks;
}

/** More than the blocks of a large workflow with what was typed into them for a while. */
const MOST_KNOWN = 2_000;
const KNOWN = new Map<string, Record<string, unknown> | undefined>();

/** A piece by itself. undefined: it has a fault, or is bound to another piece by an anchor. */
function known(piece: string): Record<string, unknown> | undefined {
  if (!KNOWN.has(piece)) {
    if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
    KNOWN.set(piece, read(piece));
  }
  return KNOWN.get(piece);
}

function read(piece: string): Record<string, unknown> | undefined {
  const document = parseDocument(piece);
  if (document.errors.length > 0 || isBound(document)) return undefined;
  const blocks: unknown = document.get('blocks');
  if (!isSeq(blocks) || blocks.items.length > 1) return undefined;
  return document.toJS() as Record<string, unknown>;
}

function isBound(document: Document): boolean {
  let found = false;
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node) && node.anchor === undefined) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}
