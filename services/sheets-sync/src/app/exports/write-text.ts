import { stringify } from 'csv-stringify/sync';
import { plainCell, type ExportedRow } from './exported-row.js';

const ROWS_AT_ONCE = 500;

/** One JSON object a line, each with all columns, so that the first line names them: what a row lacks is null. */
export async function* jsonLines(
  columns: readonly string[],
  rows: AsyncIterable<ExportedRow>,
): AsyncIterable<Uint8Array> {
  for await (const some of inGroups(rows))
    yield Buffer.from(
      some
        .map(
          (row) =>
            `${JSON.stringify(Object.fromEntries(columns.map((name) => [name, row[name] ?? null])))}\n`,
        )
        .join(''),
    );
}

/** A header line, then a line a row. */
export async function* csv(
  columns: readonly string[],
  rows: AsyncIterable<ExportedRow>,
): AsyncIterable<Uint8Array> {
  yield Buffer.from(stringify([columns.map(inert)]));
  for await (const some of inGroups(rows))
    yield Buffer.from(
      stringify(
        some.map((row) => columns.map((name) => inert(plainCell(row[name])))),
        BOOLEANS,
      ),
    );
}

async function* inGroups(rows: AsyncIterable<ExportedRow>): AsyncIterable<ExportedRow[]> {
  let group: ExportedRow[] = [];
  for await (const row of rows) {
    group.push(row);
    if (group.length < ROWS_AT_ONCE) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** As JSON has it: the library would write 1, and nothing. */
const BOOLEANS = { cast: { boolean: (value: boolean): string => String(value) } };

/** What spreadsheets take for the beginning of a formula, also in full width and behind a line that is empty. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A text that begins like a formula gets an apostrophe: programs that open the file would run it. Numbers stay. */
function inert<Cell>(cell: Cell): Cell | string {
  return typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : cell;
}
