/**
 * What the thread that reads a workbook runs, as text: so it loads the same from sources and from the build. The archive
 * is unpacked here, a little at a time, until it is over the limit; the reader gets what was unpacked, packed anew, so that
 * nothing that an archive claims of itself counts. Errors of formulas become their texts, and formulas without a
 * value an error: the reader would leave out both.
 * Answers each "more" with the next rows of the first sheet, numbers as they are written; the first time also with its
 * merged ranges and its hidden rows, which the reader does not tell.
 */
export const WORKBOOK_THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { Unzip, UnzipInflate, zipSync } = require(workerData.fflate);
  const { default: readXlsxFile } = require(workerData.reader);
  const { bytes, mostBytes, rowsAtOnce, uncalculated } = workerData;
  // 16 KB unpack to 16 MB at most.
  const PIECE = 16 * 1024;

  class TooLarge extends Error {}

  function unpacked() {
    const parts = new Map();
    let size = 0;
    let open = 0;
    const archive = new Unzip((file) => {
      if (!file.name.endsWith('.xml') && !file.name.endsWith('.xml.rels')) return;
      const chunks = [];
      parts.set(file.name, chunks);
      open += 1;
      file.ondata = (error, chunk, isLast) => {
        if (error) throw error;
        size += chunk.length;
        if (size > mostBytes) throw new TooLarge();
        chunks.push(Buffer.from(chunk));
        if (isLast) open -= 1;
      };
      file.start();
    });
    archive.register(UnzipInflate);
    for (let from = 0; from < bytes.length; from += PIECE)
      archive.push(bytes.subarray(from, from + PIECE), from + PIECE >= bytes.length);
    if (parts.size === 0) throw new Error('it is no archive of sheets');
    if (open > 0) throw new Error('it ends too early');
    return Object.fromEntries([...parts].map(([name, chunks]) => [name, withErrors(name, Buffer.concat(chunks))]));
  }

  // Up to the next tag at most: a tag without an end would be looked for in all that follows.
  const ERROR_CELL = /(<(?:[A-Za-z]\\w*:)?c(?=\\s)[^<>]*?\\st=)(?:"e"|'e')/g;

  const BARE_FORMULA =
    /<([A-Za-z]\\w*:)?c((?=\\s)[^<>]*)>\\s*(<(?:\\1)?f(?=[\\s/>])[^<>]*(?:\\/>|>[^<>]*<\\/(?:\\1)?f>))\\s*<\\/(?:\\1)?c>/g;

  function withErrors(name, part) {
    if (!name.startsWith('xl/worksheets/')) return part;
    if (!['t="e"', "t='e'", '<f', ':f'].some((sign) => part.includes(sign))) return part;
    // Byte by byte, whatever it is encoded in.
    const text = part.toString('latin1').replace(ERROR_CELL, '$1"str"');
    const marked = text.replace(BARE_FORMULA, (_cell, prefix = '', attributes, formula) => {
      const others = attributes.replace(/\\st=(?:"[^"]*"|'[^']*')/, '');
      return \`<\${prefix}c\${others} t="str">\${formula}<\${prefix}v>\${uncalculated}</\${prefix}v></\${prefix}c>\`;
    });
    return Buffer.from(marked, 'latin1');
  }

  const HIDDEN_ROW = /<(?:[A-Za-z]\\w*:)?row(?=\\s)[^<>]*?\\shidden=(?:"(?:1|true)"|'(?:1|true)')[^<>]*>/g;
  const attributeOf = (tag, name) =>
    new RegExp('\\\\s(?:[A-Za-z]\\\\w*:)?' + name + '=(?:"([^"]*)"|\\'([^\\']*)\\')').exec(tag)?.slice(1).find((one) => one !== undefined);
  const tagsOf = (part, name) => part.match(new RegExp('<(?:[A-Za-z]\\\\w*:)?' + name + '(?=[\\\\s/>])[^<>]*>', 'g')) ?? [];

  function shownOtherwise(parts) {
    const text = (name) => parts[name]?.toString('latin1') ?? '';
    const first = attributeOf(tagsOf(text('xl/workbook.xml'), 'sheet')[0] ?? '', 'id');
    const target = tagsOf(text('xl/_rels/workbook.xml.rels'), 'Relationship').find((tag) => attributeOf(tag, 'Id') === first);
    const path = attributeOf(target ?? '', 'Target') ?? '';
    const sheet = text(path.startsWith('/') ? path.slice(1) : 'xl/' + path);
    return {
      merged: tagsOf(sheet, 'mergeCell').map((tag) => attributeOf(tag, 'ref') ?? ''),
      hiddenRows: (sheet.match(HIDDEN_ROW) ?? []).map((tag) => attributeOf(tag, 'r') ?? ''),
    };
  }

  const plain = (cell) => (cell instanceof Date ? cell.toISOString() : (cell ?? ''));
  const parseNumber = (number) => ({ number });

  async function answers() {
    try {
      const parts = unpacked();
      let otherwise = shownOtherwise(parts);
      const archive = Buffer.from(zipSync(parts, { level: 0 }));
      const [sheet] = await readXlsxFile(archive, { parseNumber, trim: false });
      const rows = sheet?.data ?? [];
      let from = 0;
      return () => {
        const told = otherwise;
        otherwise = {};
        return { ...told, rows: rows.slice(from, (from += rowsAtOnce)).map((row) => row.map(plain)) };
      };
    } catch (error) {
      const answer = error instanceof TooLarge ? { tooLarge: true } : { failure: String(error.message || error) };
      return () => answer;
    }
  }

  const reading = answers();
  parentPort.on('message', async () => parentPort.postMessage((await reading)()));
`;
