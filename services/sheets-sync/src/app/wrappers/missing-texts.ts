import { cellText } from '../tables/cell-text.js';
import type { TableStream } from '../tables/parse-table.js';
import { LANGUAGE } from './wrapper-sections.js';

/** A cell without a text, in a table of texts by language. */
export interface MissingText {
  /** 1-based, of the table: the header is not counted. */
  readonly row: number;
  readonly column: string;
}

const MOST_TOLD = 200;

/** Watches a table go by and remembers which languages lack a text in a row that has one in another. */
export class MissingTexts {
  readonly cells: MissingText[] = [];
  count = 0;

  async *watch(stream: TableStream): TableStream {
    let languages: { column: string; index: number }[] | undefined;
    let row = 0;
    for await (const item of stream) {
      if (languages === undefined) {
        languages = item
          .map((name, index) => ({ column: String(name), index }))
          .filter(({ column }) => LANGUAGE.test(column));
      } else {
        row += 1;
        const empty = languages.filter(({ index }) => cellText(item[index]).trim() === '');
        if (empty.length < languages.length)
          for (const { column } of empty) {
            this.count += 1;
            if (this.cells.length < MOST_TOLD) this.cells.push({ row, column });
          }
      }
      yield item;
    }
  }
}
