import { Zip, ZipDeflate, type AsyncFlateStreamHandler, type ZipInputFile } from 'fflate';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';
import { columnName } from '../tables/column-name.js';
import { plainCell, type ExportedRow } from './exported-row.js';
import { SheetFailure } from '../sources/spreadsheets.js';

/** What a sheet of a workbook can hold; programs refuse files with more. */
const MOST_ROWS = 1_048_576;
const MOST_COLUMNS = 16_384;
const LONGEST_TEXT = 32_767;
/** An archive's entry counts its bytes in 32 bits. */
const LARGEST_ENTRY_BYTES = 2 ** 32 - 1;
const PIECE_CHARACTERS = 64 * 1024;

/** The same at any time and place, so that the same rows are the same file. */
const WRITTEN_AT = new Date(1980, 0, 1);

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const SPREADSHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const SHEET = 'xl/worksheets/sheet1.xml';
const BOLD = 1;

/** All parts but the sheet: one sheet, and a bold style for its header. */
const PARTS: Readonly<Record<string, string>> = {
  '[Content_Types].xml': `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${CONTENT}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${CONTENT}.styles+xml"/><Override PartName="/${SHEET}" ContentType="${CONTENT}.worksheet+xml"/></Types>`,
  '_rels/.rels': `${XML}<Relationships xmlns="${RELATIONSHIPS}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `${XML}<workbook xmlns="${SPREADSHEET}" xmlns:r="${OFFICE}"><sheets><sheet name="Rows" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${RELATIONSHIPS}"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  'xl/styles.xml': `${XML}<styleSheet xmlns="${SPREADSHEET}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf fontId="0"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`,
};

/**
 * An XLSX workbook of one sheet. Rows become bytes as they come: texts stand in their cells, not in a list of all of
 * them. Its cells have types, so a text that begins like a formula is a text there. Throws SheetFailure `too-many-rows`,
 * `too-many-columns`, `too-long-text`, `too-large`.
 */
export async function* workbook(
  columns: readonly string[],
  rows: AsyncIterable<ExportedRow>,
): AsyncIterable<Uint8Array> {
  if (columns.length > MOST_COLUMNS)
    throw unfit(
      'too-many-columns',
      `A workbook holds ${MOST_COLUMNS} columns, and these are ${columns.length}`,
    );
  const ready: Uint8Array[] = [];
  const archive = new Zip((error, bytes) => {
    if (error) throw error;
    ready.push(bytes);
  });
  for (const [name, text] of Object.entries(PARTS)) {
    const part = new ZipDeflate(name);
    part.mtime = WRITTEN_AT;
    archive.add(part);
    part.push(Buffer.from(text), true);
  }
  const sheet = new Sheet();
  archive.add(sheet);
  for await (const bytes of sheet.deflated(inPieces(sheetXml(columns, rows)))) {
    sheet.ondata(null, bytes, false);
    yield* ready.splice(0);
  }
  sheet.ondata(null, new Uint8Array(), true);
  archive.end();
  yield* ready;
}

/** Node compresses it in a thread of its own, while the next rows are read. */
class Sheet implements ZipInputFile {
  readonly filename = SHEET;
  readonly compression = 8;
  readonly mtime = WRITTEN_AT;
  crc = 0;
  size = 0;
  /** The archive's own. */
  ondata: AsyncFlateStreamHandler = () => undefined;

  async *deflated(texts: AsyncIterable<string>): AsyncIterable<Uint8Array<ArrayBuffer>> {
    const deflate = createDeflateRaw({ level: 6 });
    const piped = pipeline(Readable.from(this.#counted(texts), { objectMode: false }), deflate);
    // Its failure is also thrown to the reader below.
    piped.catch(() => undefined);
    yield* deflate as AsyncIterable<Uint8Array<ArrayBuffer>>;
  }

  async *#counted(texts: AsyncIterable<string>): AsyncIterable<Uint8Array> {
    for await (const text of texts) {
      const bytes = Buffer.from(text);
      this.size += bytes.byteLength;
      if (this.size > LARGEST_ENTRY_BYTES) throw unfit('too-large', 'The sheet of a workbook holds 4 GB');
      this.crc = crc32(bytes, this.crc);
      yield bytes;
    }
  }
}

async function* sheetXml(
  columns: readonly string[],
  rows: AsyncIterable<ExportedRow>,
): AsyncIterable<string> {
  yield `${XML}<worksheet xmlns="${SPREADSHEET}"><sheetData>`;
  yield rowXml(1, columns, BOLD);
  let number = 1;
  for await (const row of rows) {
    number += 1;
    if (number > MOST_ROWS)
      throw unfit('too-many-rows', `A workbook holds ${MOST_ROWS - 1} rows below its header`);
    const cells = columns.map((name) => plainCell(row[name]));
    const long = cells.findIndex((cell) => typeof cell === 'string' && cell.length > LONGEST_TEXT);
    if (long >= 0)
      throw unfit(
        'too-long-text',
        `Row ${number - 1} has ${String(cells[long]).length} characters in "${columns[long]}", and a cell of a workbook holds ${LONGEST_TEXT}`,
      );
    yield rowXml(number, cells);
  }
  yield '</sheetData></worksheet>';
}

function rowXml(number: number, cells: readonly (string | number | boolean)[], style?: number): string {
  const styled = style === undefined ? '' : ` s="${style}"`;
  const xml = cells.map((cell, i) => {
    const at = `r="${columnName(i)}${number}"${styled}`;
    if (cell === '') return '';
    if (typeof cell === 'number') return `<c ${at}><v>${cell}</v></c>`;
    if (typeof cell === 'boolean') return `<c ${at} t="b"><v>${cell ? 1 : 0}</v></c>`;
    return `<c ${at} t="inlineStr"><is><t xml:space="preserve">${textXml(cell)}</t></is></c>`;
  });
  return `<row r="${number}">${xml.join('')}</row>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** XML knows no control characters and reads a carriage return as a new line: workbooks write those as `_x000D_`. */
function textXml(text: string): string {
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[&<>]/g, (character) => ENTITIES[character]!)
    .replace(
      /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g,
      (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    );
}

async function* inPieces(texts: AsyncIterable<string>): AsyncIterable<string> {
  let piece = '';
  for await (const text of texts) {
    piece += text;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

function unfit(code: string, what: string): SheetFailure {
  return new SheetFailure(code, `${what}: export to csv or jsonl instead`, { retryable: false, field: 'to' });
}
