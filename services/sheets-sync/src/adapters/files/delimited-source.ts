import { BlockFailure } from '@duofactory/block-kit';
import { CsvError, parse, type InfoRecord } from 'csv-parse';
import { Readable, pipeline } from 'node:stream';
import { headerNames } from '../../app/column-names.js';
import { RowSource, type SourceRow } from '../../app/row-source.js';

const MOST_CHARACTERS_A_ROW = 1_000_000;

/** CSV (RFC 4180) and its like with tabs. The first row is the header. */
export class DelimitedSource extends RowSource {
  columns: readonly string[] = [];

  constructor(
    private readonly text: AsyncIterable<string>,
    private readonly delimiter: ',' | '\t',
  ) {
    super();
  }

  async *rows(): AsyncGenerator<SourceRow> {
    const parser = parse({
      delimiter: this.delimiter,
      info: true,
      relax_column_count: true,
      max_record_size: MOST_CHARACTERS_A_ROW,
    });
    pipeline(Readable.from(this.text), parser, () => undefined);
    let header = false;
    let ordinal = 0;
    try {
      for await (const item of parser) {
        const { info, record } = item as { info: InfoRecord; record: string[] };
        const blank = record.every((cell) => cell.trim() === '');
        if (!header) {
          if (blank) continue;
          this.columns = headerNames(record);
          header = true;
          continue;
        }
        ordinal += 1;
        if (!blank) yield { ordinal, cells: this.#cellsOf(record, info.lines, ordinal) };
      }
    } catch (error) {
      throw error instanceof CsvError ? invalidCsv(error) : error;
    }
    if (!header) throw new BlockFailure('empty-file', 'The file is empty: give it a header and rows');
  }

  #cellsOf(record: readonly string[], line: number, ordinal: number): string[] {
    return record.slice(0, this.columns.length).concat(
      record.slice(this.columns.length).map((cell, more) => {
        const column = this.columns.length + more + 1;
        if (cell.trim() === '') return cell;
        throw new BlockFailure(
          'invalid-csv',
          `Line ${line} (row ${ordinal}) has a cell in column ${column}, where the header has no name: name the column, or quote the cell that holds the delimiter`,
        );
      }),
    ).slice(0, this.columns.length);
  }
}

function invalidCsv(error: CsvError): BlockFailure {
  const line = typeof error['lines'] === 'number' ? error['lines'] : undefined;
  return new BlockFailure(
    'invalid-csv',
    `The file cannot be read as CSV${line === undefined ? '' : ` at line ${line}`}: ${error.message}`,
    { cause: error },
  );
}
