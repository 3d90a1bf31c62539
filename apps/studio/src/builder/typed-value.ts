import { parse, stringify } from 'yaml';
import { limitsText, readNumber } from '../frame/typed-number.js';
import { controlOf, type Control, type FieldSchema } from './schema-fields.js';

const SINGLE = new Set<Control['kind']>(['number', 'text', 'choice', 'reference', 'switch']);

/** What a text is as a value; `wrong` may stand beside it: a draft may have faults, and what is typed is kept. */
export type Read =
  { readonly value: unknown; readonly wrong?: string | undefined } | { readonly wrong: string };

/** Reads what is typed for a field. A template stands in the place of any value. */
export function readTyped(schema: FieldSchema, text: string): Read {
  const control = controlOf(schema);
  if (text.trim() === '') return { value: undefined };
  if (text.includes('{{') && (SINGLE.has(control.kind) || !text.includes('\n'))) return { value: text };
  switch (control.kind) {
    case 'number': {
      const { value, wrong } = readNumber(text, control.limits);
      return { value: value ?? text, wrong };
    }
    case 'list': {
      const lines = text.split('\n').map((line) => line.trim());
      const said = lines.filter((line) => line !== '');
      return { value: control.isNumbers ? said.map((line) => readNumber(line).value ?? line) : said };
    }
    case 'text':
      return { value: text, wrong: wrongText(schema, text) };
    case 'structure':
    case 'group':
    case 'items':
    case 'variants':
      return readStructure(text);
    default:
      return { value: text };
  }
}

/** A value as it is typed. */
export function typedOf({ kind }: Control, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (kind === 'list' && Array.isArray(value) && value.every((one) => typeof one !== 'object'))
    return value.join('\n');
  if (typeof value === 'object') return stringify(value, { lineWidth: 60 }).trimEnd();
  return JSON.stringify(value);
}

/** What stands in a field while nothing is said: what then holds, or an example that is told from what was said. */
export function unsetText(schema: FieldSchema): string | undefined {
  const control = controlOf(schema);
  const holds = typedOf(control, schema.default);
  if (holds !== '') return `${holds} (default)`;
  const example = typedOf(control, schema.examples?.[0]);
  return example === '' ? undefined : `e.g. ${example}`;
}

export function isSameValue(read: Read, value: unknown): boolean {
  return 'value' in read && JSON.stringify(read.value) === JSON.stringify(value);
}

/** What the schema says of a field, in one line under its label. */
export function hintOf(schema: FieldSchema): string | undefined {
  const { description, unit, minItems, maxItems, maxLength, pattern } = schema;
  const control = controlOf(schema);
  const limits = [
    ...(control.kind === 'number' ? [limitsText(control.limits)] : []),
    ...(unit === undefined ? [] : [`in ${unit}`]),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
    ...(pattern === undefined ? [] : [`fits ${pattern}`]),
    ...(minItems === undefined && maxItems === undefined
      ? []
      : [`${limitsText({ minimum: minItems, maximum: maxItems })} of them`]),
  ].filter((part) => part !== '');
  const told = [...(description === undefined ? [] : [description]), ...limits].join('; ');
  return told === '' ? undefined : told;
}

function readStructure(text: string): Read {
  if (text.trimStart().startsWith('{{')) return { value: text };
  try {
    return { value: parse(text) as unknown };
  } catch {
    return { wrong: 'This is no YAML yet' };
  }
}

function wrongText({ minLength = 0, maxLength = Infinity, pattern }: FieldSchema, text: string) {
  if (text.length < minLength) return `It must have at least ${minLength} characters`;
  if (text.length > maxLength) return `It must have at most ${maxLength} characters`;
  return pattern !== undefined && !fits(pattern, text) ? `It must fit ${pattern}` : undefined;
}

/** A pattern that this browser cannot read is left to the server. */
function fits(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}
