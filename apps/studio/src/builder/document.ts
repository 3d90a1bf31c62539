import { isSeq, stringify, type Document, type YAMLSeq } from 'yaml';
import { readYaml } from '../draft/read-yaml.js';
import { changeYaml, listAt, moveItem, setAt } from '../draft/yaml-edits.js';
import { isObject } from '../values/is-object.js';
import { readPieces, setInPieces } from './pieces.js';

/** A workflow as it is while it is edited: anything may be missing or wrong. */
export interface EditedBlock {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly needs?: readonly (string | { readonly block: string; readonly optional?: boolean })[];
  readonly with?: Readonly<Record<string, unknown>>;
  readonly times?: number;
  readonly [field: string]: unknown;
}

export interface EditedWorkflow {
  readonly id: string;
  readonly name: string | undefined;
  readonly blocks: readonly EditedBlock[];
  /** The whole document, as it is sent. */
  readonly definition: Record<string, unknown>;
}

export type Reading =
  { readonly workflow: EditedWorkflow } | { readonly unreadable: string; readonly line: number | undefined };

/** List, canvas and forms change the text by these alone; the YAML editor replaces it. */
export type Edit =
  | { readonly kind: 'set'; readonly path: readonly (string | number)[]; readonly value: unknown }
  | { readonly kind: 'add-block'; readonly at: number; readonly block: EditedBlock }
  | { readonly kind: 'remove-block'; readonly at: number }
  | { readonly kind: 'rename-block'; readonly at: number; readonly id: string }
  | { readonly kind: 'move-block'; readonly from: number; readonly to: number }
  | { readonly kind: 'replace'; readonly text: string };

/** The text is the one document. Reading it never fails: it says why it cannot be shown as blocks. */
export function readWorkflow(text: string): Reading {
  const pieces = readPieces(text);
  return pieces ? { workflow: workflowOf(pieces.definition, pieces.blocks) } : readWhole(text);
}

function readWhole(text: string): Reading {
  const read = readYaml(text);
  if ('unreadable' in read) return read;
  if (!isObject(read.value)) return { unreadable: 'It must be one document with fields', line: 1 };
  const definition: Record<string, unknown> = read.value;
  const { blocks } = definition;
  return { workflow: workflowOf(definition, Array.isArray(blocks) ? (blocks as unknown[]) : []) };
}

function workflowOf(definition: Record<string, unknown>, blocks: readonly unknown[]): EditedWorkflow {
  const { id, name } = definition;
  return {
    id: typeof id === 'string' ? id : '',
    name: typeof name === 'string' ? name : undefined,
    blocks: blocks.map(blockOf),
    definition,
  };
}

/** One that says its id and type is taken as it is: who draws it sees by that whether it changed. */
function blockOf(value: unknown, at: number): EditedBlock {
  const fields = isObject(value) ? value : {};
  const { id, type } = fields;
  if (typeof id === 'string' && typeof type === 'string') return fields as unknown as EditedBlock;
  return {
    ...fields,
    id: typeof id === 'string' ? id : `block ${at + 1}`,
    type: typeof type === 'string' ? type : '',
  };
}

/** The text after the edit. What the edit does not touch keeps its comments, anchors and order. */
export function applyEdit(text: string, edit: Edit): string {
  if (edit.kind === 'replace') return edit.text;
  const edited = edit.kind === 'set' ? setInPieces(text, edit.path, edit.value) : undefined;
  if (edited !== undefined) return edited;
  return changeYaml(text, (document) => {
    if (edit.kind === 'set') setAt(document, edit.path, edit.value);
    else changeBlocks(document, edit);
  });
}

function changeBlocks(document: Document, edit: Exclude<Edit, { kind: 'set' | 'replace' }>): void {
  const blocks = listAt(document, ['blocks']);
  if (edit.kind === 'add-block') {
    blocks.items.splice(edit.at, 0, document.createNode(edit.block));
    blocks.flow = false;
  } else if (edit.kind === 'rename-block') rename(document, blocks, edit);
  else if (edit.kind === 'remove-block') blocks.items.splice(edit.at, 1);
  else moveItem(blocks, edit);
}

/** With it, what other blocks say by its id, if it is its alone; an id that another block has is not taken. Templates and expressions are text, and what no longer fits is a fault. */
function rename(document: Document, blocks: YAMLSeq, { at, id }: { at: number; id: string }): void {
  const before: unknown = document.getIn(['blocks', at, 'id']);
  const others = blocks.items.flatMap((_block, n): unknown[] =>
    n === at ? [] : [document.getIn(['blocks', n, 'id'])],
  );
  if (others.includes(id)) return;
  setAt(document, ['blocks', at, 'id'], id);
  if (others.includes(before)) return;
  blocks.items.forEach((_block, n) => {
    for (const path of [['per'], ['repeat', 'from']])
      if (document.getIn(['blocks', n, ...path]) === before) setAt(document, ['blocks', n, ...path], id);
    const needs: unknown = document.getIn(['blocks', n, 'needs'], true);
    if (!isSeq(needs)) return;
    needs.items.forEach((_need, m) => {
      for (const path of [[], ['block']])
        if (document.getIn(['blocks', n, 'needs', m, ...path]) === before)
          setAt(document, ['blocks', n, 'needs', m, ...path], id);
    });
  });
}

/** A definition as people write it: the server keeps no order of fields. */
export function writeWorkflow(definition: unknown): string {
  return stringify(ordered(definition, WORKFLOW_ORDER), { lineWidth: 110 });
}

const WORKFLOW_ORDER = [
  'kind',
  'id',
  'name',
  'description',
  'inputs',
  'variables',
  'deadline',
  'maxPayloads',
];
const BLOCK_ORDER = ['id', 'type', 'name', 'needs', 'per', 'when', 'times', 'with'];

function ordered(value: unknown, order: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  const fields = Object.entries(value).sort(
    ([a], [b]) => place(a) - place(b) || Number(a === 'blocks') - Number(b === 'blocks'),
  );
  return Object.fromEntries(
    fields.map(([name, member]) => [
      name,
      name === 'blocks' && Array.isArray(member)
        ? member.map((block) => ordered(block, BLOCK_ORDER))
        : member,
    ]),
  );
}

export type Need = NonNullable<EditedBlock['needs']>[number];

/** What a block waits for, with what is optional of it. */
export function saidNeeds(blocks: readonly EditedBlock[], at: number): readonly Need[] {
  const { needs } = blocks[at]!;
  return Array.isArray(needs) ? (needs as readonly Need[]) : needsOf(blocks, at);
}

/** What a block waits for: as it says, else the block before it. */
export function needsOf(blocks: readonly EditedBlock[], at: number): readonly string[] {
  const { needs } = blocks[at]!;
  if (Array.isArray(needs))
    return needs.map((one: string | { block: string }) => (typeof one === 'string' ? one : one.block));
  const before = blocks[at - 1];
  return before ? [before.id] : [];
}

/** The blocks that a block comes after, near and far: it sees what they make. Nearest first. */
export function blocksAbove(blocks: readonly EditedBlock[], at: number): readonly string[] {
  const places = new Map(blocks.map(({ id }, n) => [id, n]));
  const found = new Set<string>();
  let next: readonly string[] = needsOf(blocks, at);
  while (next.length > 0) {
    const known = next.filter((id) => places.has(id) && !found.has(id) && id !== blocks[at]!.id);
    for (const id of known) found.add(id);
    next = known.flatMap((id) => needsOf(blocks, places.get(id)!));
  }
  return [...found];
}

/** An id that no block has yet: the type as a name, numbered from the second on. */
export function freeId(type: string, blocks: readonly EditedBlock[]): string {
  const stem = type.replaceAll(/-([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
  const taken = new Set(blocks.map(({ id }) => id));
  if (!taken.has(stem)) return stem;
  for (let n = 2; ; n += 1) if (!taken.has(`${stem}${n}`)) return `${stem}${n}`;
}
