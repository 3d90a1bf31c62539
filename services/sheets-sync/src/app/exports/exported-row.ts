/** By column. A column that a row lacks is empty there. */
export type ExportedRow = Readonly<Record<string, unknown>>;

/** A value as a cell can hold it; what has no form of its own as JSON. */
export function plainCell(value: unknown): string | number | boolean {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') return JSON.stringify(value);
  return value as string | number | boolean;
}
