import { isMap, isScalar, isSeq, parseDocument, type Document, type YAMLSeq } from 'yaml';
import { hasUnsaid, keepingAliases, ownWay } from './yaml-aliases.js';

export type Path = readonly (string | number)[];

/** One change of a document. What it does not touch keeps its comments, anchors and order. */
export type YamlEdit =
  | { readonly kind: 'set'; readonly path: Path; readonly value: unknown }
  | { readonly kind: 'insert'; readonly path: Path; readonly at: number; readonly item: unknown }
  | { readonly kind: 'remove'; readonly path: Path; readonly at: number }
  | { readonly kind: 'move'; readonly path: Path; readonly from: number; readonly to: number }
  | { readonly kind: 'replace'; readonly text: string };

/** The text after the edits; a text that is no YAML stays as it is. */
export function editYaml(text: string, edits: readonly YamlEdit[]): string {
  return edits.reduce((before, edit) => {
    if (edit.kind === 'replace') return edit.text;
    return changeYaml(before, (document) => {
      if (edit.kind === 'set') setAt(document, edit.path, edit.value);
      else changeList(listAt(document, edit.path), document, edit);
    });
  }, text);
}

/** The text after a change of what it says. One that cannot be read as a document stays as it is. */
export function changeYaml(text: string, change: (document: Document) => void): string {
  const document = parseDocument(text) as Document;
  if (document.errors.length > 0 || hasUnsaid(document)) return text;
  keepingAliases(document, () => change(document));
  return document.toString({ lineWidth: 110 });
}

/** undefined takes the field away. */
export function setAt(document: Document, path: Path, value: unknown): void {
  ownWay(document, path);
  if (value === undefined) {
    if (!document.hasIn(path)) return;
    document.deleteIn(path);
    dropEmptyParent(document, path);
    return;
  }
  const before: unknown = document.getIn(path, true);
  // In its place, so that its anchor and comment stay.
  if (isScalar(before) && (typeof value !== 'object' || value === null)) before.value = value;
  else document.setIn(path, document.createNode(value));
}

/** `with: {}` after its last field went says nothing; an item of a list stands, however little it says. */
function dropEmptyParent(document: Document, path: Path): void {
  const parent = path.slice(0, -1);
  const node: unknown = parent.length > 0 ? document.getIn(parent, true) : undefined;
  const isItem = typeof parent.at(-1) === 'number';
  if (isMap(node) && node.items.length === 0 && parent.length > 2 && !isItem) document.deleteIn(parent);
}

/** The list at a place, made where there is none. */
export function listAt(document: Document, path: Path): YAMLSeq {
  ownWay(document, [...path, 0]);
  const found: unknown = document.getIn(path, true);
  if (isSeq(found)) return found;
  const made = document.createNode([]) as YAMLSeq;
  document.setIn(path, made);
  return made;
}

function changeList(
  list: YAMLSeq,
  document: Document,
  edit: Extract<YamlEdit, { kind: 'insert' | 'remove' | 'move' }>,
): void {
  if (edit.kind === 'insert') {
    list.items.splice(edit.at, 0, document.createNode(edit.item));
    list.flow = false;
  } else if (edit.kind === 'remove') list.items.splice(edit.at, 1);
  else moveItem(list, edit);
}

export function moveItem(list: YAMLSeq, { from, to }: { from: number; to: number }): void {
  if (to < 0 || to >= list.items.length) return;
  list.items.splice(to, 0, ...list.items.splice(from, 1));
}
