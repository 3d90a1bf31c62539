import type { GoldenCase } from '@duofactory/contracts';
import { Problem, type FieldError } from '@duofactory/platform';
import { parse } from 'csv-parse/sync';

const MOST_BYTES = 10_000_000;

/**
 * Cases of a sheet: columns `id`, `verdict` or `verdict:<evaluator>`, `note`, `case:course`, `case:judgedOn`; every other
 * column is a path of what is given, such as `script.lines`. A cell of JSON is that value; one whose every line is `Speaker: text` is a list of
 * lines; an empty one gives nothing. Throws Problem naming row and column.
 */
export function casesFromCsv(csv: string): GoldenCase[] {
  if (csv.length > MOST_BYTES) throw refused([{ field: 'csv', message: 'It is over 10 MB' }]);
  const [head = [], ...rows] = rowsOf(csv);
  const columns = head.map((name) => name.trim());
  if (!columns.includes('id') || !columns.some((name) => /^verdict(:|$)/.test(name)))
    throw refused([
      {
        field: 'csv',
        message: 'The first row must name the columns id and verdict (or verdict:<evaluator>)',
      },
    ]);
  const twice = columns.find((name, i) => name !== '' && columns.indexOf(name) !== i);
  if (twice !== undefined) throw refused([{ field: 'csv', message: `Two columns are called "${twice}"` }]);
  const faults: FieldError[] = [];
  const cases = rows.flatMap((row, i) => {
    // As spreadsheets have them at their end; rows keep their numbers.
    if (row.every((cell) => cell.trim() === '')) return [];
    const fault = (column: string, message: string): void =>
      void faults.push({ field: `row ${i + 2}, ${column}`, message, row: i + 2, column });
    const beyond = row.findIndex((cell, at) => !columns[at] && cell.trim() !== '');
    if (beyond >= 0) fault(`column ${beyond + 1}`, `"${row[beyond]!.trim()}" is in a column without a name`);
    return [caseOf(columns, row, fault)];
  });
  if (faults.length > 0) throw refused(faults.slice(0, 100));
  return cases;
}

function rowsOf(csv: string): string[][] {
  try {
    return parse(csv, { bom: true, relax_column_count: true });
  } catch (error) {
    throw refused([{ field: 'csv', message: (error as Error).message }]);
  }
}

function caseOf(
  columns: readonly string[],
  row: readonly string[],
  fault: (column: string, message: string) => void,
): GoldenCase {
  const given: Record<string, unknown> = {};
  const verdicts: Record<string, 'pass' | 'fail'> = {};
  const head: { id: string } & Partial<Pick<GoldenCase, 'verdict' | 'note' | 'course' | 'judgedOn'>> = {
    id: '',
  };
  for (const [i, column] of columns.entries()) {
    const cell = (row[i] ?? '').trim();
    if (cell === '' || column === '') continue;
    if (column === 'id') head.id = cell;
    else if (column === 'note') head.note = cell;
    else if (column === 'case:course') head.course = cell;
    else if (column === 'case:judgedOn') head.judgedOn = cell;
    else if (/^verdict(:|$)/.test(column)) {
      const verdict = cell.toLowerCase();
      if (verdict !== 'pass' && verdict !== 'fail') fault(column, `"${cell}" must be pass or fail`);
      else if (column === 'verdict') head.verdict = verdict;
      else verdicts[column.slice('verdict:'.length)] = verdict;
    } else if (!give(given, column.split('.'), valueOf(cell))) fault(column, 'Two columns give this path');
  }
  if (head.id === '') fault('id', 'The case has no id');
  return { ...head, ...(Object.keys(verdicts).length > 0 ? { verdicts } : {}), given };
}

const JSON_CELL = /^(?:[[{].*[\]}]|-?\d+(?:\.\d+)?|true|false)$/s;
const SPOKEN = /^([^:\n]{1,60}):\s*(\S.*)$/;

function valueOf(cell: string): unknown {
  if (JSON_CELL.test(cell)) {
    try {
      return JSON.parse(cell);
    } catch {
      return cell;
    }
  }
  const spoken = cell.split(/\r?\n/).map((line) => SPOKEN.exec(line));
  if (spoken.length > 1 && spoken.every((line) => line !== null))
    return spoken.map((line) => ({ speaker: line[1]!, text: line[2]! }));
  return cell;
}

/** false: something is there, or in the way. */
function give(given: Record<string, unknown>, path: readonly string[], value: unknown): boolean {
  let place = given;
  for (const name of path.slice(0, -1)) {
    const inner = Object.hasOwn(place, name) ? place[name] : undefined;
    if (inner === undefined) Object.defineProperty(place, name, own({}));
    else if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return false;
    place = place[name] as Record<string, unknown>;
  }
  const last = path.at(-1)!;
  if (Object.hasOwn(place, last)) return false;
  Object.defineProperty(place, last, own(value));
  return true;
}

/** Defined, never assigned: a column may be called __proto__. */
function own(value: unknown): PropertyDescriptor {
  return { value, enumerable: true, writable: true, configurable: true };
}

function refused(errors: readonly FieldError[]): Problem {
  return new Problem({
    status: 422,
    code: 'invalid-cases',
    title: 'The cases cannot be read',
    detail: errors.map(({ field, message }) => `${field}: ${message}`).join('; '),
    errors,
  });
}
