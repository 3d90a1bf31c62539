import type { FieldError } from '@duofactory/platform';
import { cellText } from './cell-text.js';
import { invalidSource } from '../sources/source-problems.js';

/** Our own, of a formula whose value is not in the file. */
export const UNCALCULATED = '#UNCALCULATED!';
/** What spreadsheets show where a formula has no value; in files and by API it comes as such a text. */
const ERROR =
  /^#(NULL!|DIV\/0!|VALUE!|REF!|NAME\?|NAME!|NUM!|N\/A|ERROR!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|PYTHON!|EXTERNAL!|GETTING_DATA|UNCALCULATED!)$/;
const MOST_TOLD = 200;

/** Watches the cells of a spreadsheet go by, and refuses them all at the end if some are errors. */
export class CellErrors {
  readonly #told: FieldError[] = [];
  #count = 0;

  /** `placeOf` a column, from 0. */
  look(
    cells: readonly unknown[],
    columns: readonly string[] | undefined,
    placeOf: (column: number) => string,
  ): void {
    for (const [i, cell] of cells.entries()) {
      if (typeof cell !== 'string' || cell[0] !== '#' || !ERROR.test(cell)) continue;
      this.#count += 1;
      if (this.#told.length === MOST_TOLD) continue;
      const column = columns?.[i];
      this.#told.push({
        field: placeOf(i),
        message: `${cellText(cell)}${column === undefined ? '' : ` in "${column}"`}`,
      });
    }
  }

  /** Throws Problem `cell-error` that names each. */
  end(): void {
    if (this.#count === 0) return;
    const told = this.#told.map(({ field, message }) => `${field}: ${message}`).join('; ');
    const more = this.#count > this.#told.length ? `; and ${this.#count - this.#told.length} more` : '';
    const uncalculated = this.#told.some(({ message }) => message.startsWith(UNCALCULATED));
    const also = uncalculated ? ' (what is not calculated is once you open and save the file)' : '';
    const detail = `Cells are errors and no values: mend their formulas${also}, or empty them. ${told}${more}`;
    throw invalidSource('cell-error', detail, this.#told);
  }
}
