/** With its place in the text, which the library's types do not know yet. */
type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Only these can be, or become, more than a number holds. */
const LONG = /\d{16}|\d[eE]/;

/** JSON whose whole numbers beyond 2^53, and those beyond all numbers, are texts: as numbers they would be others. */
export function exactJson(text: string): unknown {
  if (!LONG.test(text)) return JSON.parse(text) as unknown;
  const exact: Reviver = (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? exactNumber(source) : value;
  return JSON.parse(text, exact as Parameters<typeof JSON.parse>[1]) as unknown;
}

/** The number that a text writes, or what is exact of it where a number cannot hold it. */
export function exactNumber(text: string): number | string {
  const number = Number(text);
  if (isHeld(number)) return number;
  return Number.isFinite(number) && /e/i.test(text) ? BigInt(number).toString() : text;
}

/** Whether no other number was written so: from 2^53 on there are whole numbers that none is. */
export function isHeld(number: number): boolean {
  return Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER;
}
