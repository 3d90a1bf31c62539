import type { BlockManifest } from '../api/client.js';
import { titleOf } from '../values/readable-value.js';
import type { EditedBlock } from './document.js';
import {
  controlOf,
  fieldsOf,
  requiredFields,
  variantOf,
  type Control,
  type Field,
  type FieldSchema,
} from './schema-fields.js';
import { unsetText } from './typed-value.js';

/** A setting that stands in a card's sentence, and is edited there. */
export interface SentenceField {
  readonly label: string;
  /** Where it is in the block. */
  readonly path: readonly string[];
  readonly schema: FieldSchema;
  readonly required: boolean;
  readonly value: unknown;
  /** What stands there while nothing is said. */
  readonly hint: string;
}

export type SentencePart = string | SentenceField;

/** What a card says a block does. Types of the house have the talk's words around their settings; the manifest says which these are, and for every other type all of it. */
export function sentenceParts(block: EditedBlock, manifest: BlockManifest | undefined): SentencePart[] {
  if (!manifest) return [];
  const fields = mainFields(block, manifest);
  const words = WORDS[block.type];
  if (words === undefined)
    return fields.length === 0 ? [manifest.description] : fields.flatMap((field) => [field.label, field]);
  return [words.before, ...fields, ...(manifest.samples ? [timesOf(block), 'time(s).'] : [])];
}

/** The same as a text, told once of each block as it is. */
export function sentenceOf(block: EditedBlock, manifest: BlockManifest | undefined): string {
  const known = TOLD.get(block);
  if (known && known.manifest === manifest) return known.text;
  const text = tell(block, manifest);
  TOLD.set(block, { manifest, text });
  return text;
}

const TOLD = new WeakMap<
  EditedBlock,
  { readonly manifest: BlockManifest | undefined; readonly text: string }
>();

function tell(block: EditedBlock, manifest: BlockManifest | undefined): string {
  const parts = sentenceParts(block, manifest);
  const isSaid = parts.some(
    (part) => typeof part !== 'string' && part.path[0] === 'with' && part.value !== undefined,
  );
  if (manifest && !isSaid) return manifest.description;
  return parts
    .filter((part) => typeof part === 'string' || part.value !== undefined)
    .map((part) => (typeof part === 'string' ? part : textOf(part.value)))
    .join(' ');
}

const WORDS: Readonly<Record<string, { readonly before: string }>> = {
  import: { before: 'Import using' },
  prompt: { before: 'Run prompt' },
  evaluate: { before: 'Evaluate using' },
};

/** A card is no form. */
const MOST_FIELDS = 4;
const SHORT = new Set<Control['kind']>(['choice', 'reference', 'list', 'number', 'text']);

/** What must be said comes first. They stand whatever they say: one that is cleared is typed into again. */
function mainFields({ type, with: said = {} }: EditedBlock, manifest: BlockManifest): SentenceField[] {
  const short = ({ name, schema, ...field }: Field): Field[] => {
    const form = shortForm(schema, said[name]);
    return form ? [{ ...field, name, schema: form }] : [];
  };
  const required = requiredFields(manifest.with, said).flatMap(short);
  const others = fieldsOf(manifest.with)
    .flatMap(short)
    .filter(({ name }) => !required.some((one) => one.name === name));
  const chosen = WORDS[type] ? required : [...required, ...others];
  return chosen.slice(0, MOST_FIELDS).map(({ name, schema }) => ({
    label: schema.title ?? titleOf(name),
    path: ['with', name],
    schema,
    required: required.some((one) => one.name === name),
    value: said[name],
    // Where no word stands before it, it says itself what it is.
    hint: WORDS[type] ? (schema.title ?? titleOf(name)) : (unsetText(schema) ?? '…'),
  }));
}

/** As which it is edited in a line; of several forms, the first. */
function shortForm(schema: FieldSchema, value: unknown): FieldSchema | undefined {
  const control = controlOf(schema);
  if (SHORT.has(control.kind)) return schema;
  const [first] = control.kind === 'variants' ? control.of : [];
  const isFirst = first && (value === undefined || variantOf([first], value) === 0);
  return isFirst && SHORT.has(controlOf(first).kind)
    ? { ...(schema.title === undefined ? {} : { title: schema.title }), ...first }
    : undefined;
}

const TIMES: FieldSchema = { type: 'integer', minimum: 1, default: 1 };

function timesOf({ times }: EditedBlock): SentenceField {
  return { label: 'Times', path: ['times'], schema: TIMES, required: false, value: times ?? 1, hint: '1' };
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'several';
}
