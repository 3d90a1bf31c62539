import { crc32 } from 'node:zlib';

const NS = 'http://schemas.openxmlformats.org';

/**
 * An XLSX file with these cells in the columns A and B, row by row. The cells of B below the first are merged, and the
 * last row is hidden: no writer of ours makes such a file, people do.
 */
export function aMergedWorkbook(...rows: readonly (readonly [string, string])[]): Buffer {
  const cell = (at: string, value: string): string =>
    value === '' ? '' : `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;
  const lines = rows.map(([a, b], i) => {
    const hidden = i === rows.length - 1 ? ' hidden="1"' : '';
    return `<row r="${i + 1}"${hidden}>${cell(`A${i + 1}`, a)}${cell(`B${i + 1}`, b)}</row>`;
  });
  const merged = `<mergeCells count="1"><mergeCell ref="B2:B${rows.length}"/></mergeCells>`;
  return archived({
    'xl/workbook.xml': `<workbook xmlns="${NS}/spreadsheetml/2006/main" xmlns:r="${NS}/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${NS}/package/2006/relationships"><Relationship Id="r1" Type="${NS}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${lines.join('')}</sheetData>${merged}</worksheet>`,
  });
}

/** A ZIP file whose entries are stored as they are (APPNOTE 4.3.7, 4.3.12, 4.3.16). */
function archived(files: Readonly<Record<string, string>>): Buffer {
  const entries: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, content] = [Buffer.from(name), Buffer.from(text)];
    // From "version needed" to "extra field length": the same in both headers.
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(content.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(path.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const entry = Buffer.concat([Buffer.from('PK\x03\x04'), facts, path, content]);
    entries.push(entry);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, place, path);
    offset += entry.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...entries, ...directory, Buffer.from('PK\x05\x06'), end]);
}
