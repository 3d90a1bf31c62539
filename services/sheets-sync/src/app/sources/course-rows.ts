import type { CourseDefinition } from '@duofactory/contracts';
import type { FieldError } from '@duofactory/platform';
import type { CourseHead } from '../../store/sheet-sources.js';
import { cellText } from '../tables/cell-text.js';
import type { TableStream } from '../tables/parse-table.js';
import { invalidSource } from './source-problems.js';

export type { CourseHead };
type Unit = CourseDefinition['units'][number];

const COLUMNS = ['unit', 'name', 'level', 'kind', 'text', 'translation'] as const;
const OPTIONAL = ['objective', 'scene', 'speaker', 'slot', 'show'] as const;
type Column = (typeof COLUMNS)[number] | (typeof OPTIONAL)[number];

/** What a unit is told by: in any of its rows, and in all of them the same. */
const OF_UNIT = ['name', 'objective', 'level'] as const;
const MOST_FAULTS = 200;

interface Row {
  /** 1-based: the header is not counted. */
  readonly number: number;
  readonly cell: (column: Column) => string;
  readonly fault: (column: Column, message: string) => void;
  /** The cell, or '' and a fault. */
  readonly needed: (column: Column, what: string) => string;
}

/**
 * A course from rows: each is a word, a sentence or a slot of a unit, by its column `kind`; an empty `unit` is that of the
 * row above. Other columns are people's own. Throws Problem `missing-column`, or `invalid-course` with every fault by row
 * and column.
 */
export async function courseFromRows(
  id: string,
  head: CourseHead,
  rows: TableStream,
): Promise<CourseDefinition> {
  const units = new Map<string, Unit & { readonly row: number }>();
  const faults: FieldError[] = [];
  let columns: string[] | undefined;
  let number = 0;
  let unit = '';
  for await (const cells of rows) {
    if (!columns) {
      columns = columnsOf(cells);
      continue;
    }
    number += 1;
    const row = rowOf(cells, { columns, number, faults });
    unit = row.cell('unit') || unit;
    if (unit === '') row.fault('unit', 'Missing: the id of the unit, and no row above has one');
    else {
      if (!units.has(unit)) units.set(unit, newUnit(unit, number));
      addRow(units.get(unit)!, row);
    }
  }
  for (const { id: name, row, ...of } of units.values())
    for (const column of ['name', 'level'] as const)
      if (of[column] === '')
        faults.push({ field: place(row, column), message: `Missing: no row of the unit "${name}" has it` });
  if (faults.length > 0) throw refused(faults);
  if (units.size === 0) throw invalidSource('empty-file', 'There are no rows below the header');
  return {
    ...{ kind: 'course', id, ...head },
    units: [...units.values()].map(({ row: _, ...one }) => one),
  };
}

function columnsOf(cells: readonly unknown[]): string[] {
  const columns = cells.map((cell) => cellText(cell).trim());
  const missing = COLUMNS.filter((name) => !columns.includes(name));
  if (missing.length === 0) return columns;
  throw invalidSource(
    'missing-column',
    `Course data needs the columns ${COLUMNS.join(', ')} (and may have ${OPTIONAL.join(', ')}); there is no ${missing.join(', ')}`,
    missing.map((name) => ({ field: name, message: 'There is no such column' })),
  );
}

function rowOf(
  cells: readonly unknown[],
  { columns, number, faults }: { columns: readonly string[]; number: number; faults: FieldError[] },
): Row {
  const cell = (column: Column): string => {
    const at = columns.indexOf(column);
    return at < 0 ? '' : cellText(cells[at]).trim();
  };
  const fault = (column: Column, message: string): void =>
    void faults.push({ field: place(number, column), message });
  const needed = (column: Column, what: string): string => {
    if (cell(column) === '') fault(column, `Missing: ${what}`);
    return cell(column);
  };
  return { number, cell, fault, needed };
}

function newUnit(id: string, row: number): Unit & { row: number } {
  return { id, row, name: '', objective: '', level: '', words: [], sentences: [], slots: [] };
}

function addRow(unit: Unit, row: Row): void {
  for (const column of OF_UNIT) {
    const here = row.cell(column);
    if (here === '') continue;
    if (unit[column] === '') unit[column] = here;
    else if (unit[column] !== here)
      row.fault(column, `"${here}", and a row above says "${unit[column]}" of the same unit`);
  }
  const kind = row.cell('kind').toLowerCase();
  if (kind === 'word' || kind === 'sentence') {
    const text = row.needed('text', `the ${kind} in the language that is learned`);
    const translation = row.needed('translation', `the ${kind} in the language of the learner`);
    if (kind === 'word') unit.words.push({ text, translation });
    else unit.sentences.push({ text, translation, ...scene(row), ...speaker(row) });
  } else if (kind === 'slot') {
    const slot = wholeNumber(row, 'slot');
    if (row.cell('slot') === '') row.fault('slot', 'Missing: the number of the slot');
    unit.slots.push({ slot: slot ?? 0, show: row.needed('show', 'the show in the slot') });
  } else if (kind !== '') row.fault('kind', `"${row.cell('kind')}" is none of word, sentence, slot`);
}

function scene(row: Row): { scene?: number } {
  const number = wholeNumber(row, 'scene');
  return number === undefined ? {} : { scene: number };
}

function speaker(row: Row): { speaker?: string } {
  const name = row.cell('speaker');
  return name === '' ? {} : { speaker: name };
}

function wholeNumber(row: Row, column: Column): number | undefined {
  const text = row.cell(column);
  if (text === '') return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  row.fault(column, `"${text}" is no whole number`);
  return undefined;
}

function place(row: number, column: string): string {
  return `row ${row}, ${column}`;
}

function refused(faults: readonly FieldError[]): Error {
  const told = faults.slice(0, MOST_FAULTS);
  const more = faults.length > told.length ? `; and ${faults.length - told.length} more` : '';
  const detail = told.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return invalidSource('invalid-course', `${detail}${more}`, told);
}
