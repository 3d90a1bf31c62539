import { BlockFailure } from '@duofactory/block-kit';
import { closest } from '@duofactory/engine';

export const MOST_COLUMNS = 1_000;

/** The columns of a header row, trimmed. An empty name: a column without one. Throws BlockFailure. */
export function headerNames(cells: readonly string[]): string[] {
  const names = cells.map((cell) => cell.trim());
  while (names.at(-1) === '') names.pop();
  if (names.length > MOST_COLUMNS) throw tooManyColumns();
  const seen = new Map<string, number>();
  names.forEach((name, at) => {
    const before = name === '' ? undefined : seen.get(name);
    if (before !== undefined) throw duplicateColumn(name, `columns ${before + 1} and ${at + 1}`);
    seen.set(name, at);
  });
  return names;
}

export const duplicateColumn = (name: string, where: string): BlockFailure =>
  new BlockFailure('duplicate-column', `Two columns are named "${name}" (${where}): rename one of them`);

export const tooManyColumns = (): BlockFailure =>
  new BlockFailure('too-many-columns', `There are more than ${MOST_COLUMNS} columns: leave some out`);

/** The position of a column. Throws BlockFailure `missing-column` with the nearest name. */
export function positionOf(column: string, columns: readonly string[], source: string): number {
  const at = columns.indexOf(column);
  if (at >= 0) return at;
  const near = closest(column, columns);
  const hint = near ? `did you mean "${near}"?` : `it has ${columns.slice(0, 20).join(', ')}`;
  throw new BlockFailure('missing-column', `There is no column "${column}" in ${source}: ${hint}`);
}

/** A row as an object. No prototype: a column may have any name. */
export function recordOf(columns: readonly string[], cells: readonly unknown[]): Record<string, unknown> {
  const record = Object.create(null) as Record<string, unknown>;
  columns.forEach((name, at) => (record[name] = cells[at] ?? (cells.length > at ? null : '')));
  return record;
}
