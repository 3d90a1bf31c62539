import { hash } from 'node:crypto';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** JSON with sorted names: equal values have equal text, whoever wrote them. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

// NUL, and halves of surrogate pairs: JSON.stringify escapes no others by number. A backslash before is an escaped one.
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/** JSON that a `jsonb` column takes: characters that PostgreSQL has no place for become U+FFFD. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.includes('\\u') ? text.replace(UNSTORABLE, '$1\uFFFD') : text;
}

/** SHA-256 of the canonical JSON, hex. */
export function hashJson(value: unknown): string {
  return hash('sha256', canonicalJson(value));
}

/** The hexadecimal digits whose upper bits are a UUID's variant. */
const VARIANTS = '89ab';

/** A UUID (version 8: its bits are ours) from the SHA-256 of the parts: the same parts, the same id, for ever. */
export function uuidFrom(...parts: readonly (string | number)[]): string {
  const hex = hash('sha256', JSON.stringify(parts));
  const variant = VARIANTS[parseInt(hex[16]!, 16) & 3]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
