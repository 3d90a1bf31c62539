import readXlsxFile from 'read-excel-file/node';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { cellText } from './cell-text.js';
import type { TableStream } from './parse-table.js';
import { invalidSource } from './source-problems.js';

/** A workbook is a compressed archive: it is read whole. */
const LARGEST_BYTES = 32 * 1024 * 1024;

/** The first sheet of an XLSX workbook. Throws Problem `invalid-workbook`, `too-large`. */
export async function* parseWorkbook(input: Readable): TableStream {
  const bytes = await buffer(bounded(input));
  const rows = await readRows(bytes);
  let columns: string[] | undefined;
  for (const row of rows) {
    const cells = row.map((cell) => (cell instanceof Date ? cell.toISOString() : (cell ?? '')));
    if (!columns) {
      columns = cells.map((cell) => cellText(cell).trim());
      while (columns.at(-1) === '') columns.pop();
      yield columns;
    } else if (cells.some((cell) => cell !== '')) yield columns.map((_, i) => cells[i] ?? '');
  }
  if (!columns) throw invalidSource('empty-file', 'The first sheet of the workbook has no rows');
}

async function readRows(bytes: Buffer): Promise<readonly (readonly unknown[])[]> {
  try {
    const [sheet] = await readXlsxFile(bytes);
    return sheet?.data ?? [];
  } catch (error) {
    throw invalidSource(
      'invalid-workbook',
      `This is no XLSX workbook that can be read: ${(error as Error).message}`,
    );
  }
}

async function* bounded(input: Readable): AsyncIterable<Buffer> {
  let size = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > LARGEST_BYTES)
      throw invalidSource(
        'too-large',
        'A workbook may have 32 MB: send a larger table as CSV, which is read as it comes',
      );
    yield chunk;
  }
}
