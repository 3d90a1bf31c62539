// An export block of the built service over a list that is long: prints what it made and the most memory it had.
import { FsObjectStore } from '@duofactory/objects';
import { readFileSync } from 'node:fs';
import { ExportRows } from '../../../services/sheets-sync/dist/app/exports/export-rows.js';
import { exportBlock } from '../../../services/sheets-sync/dist/blocks/export/execute.js';

const [folder, to, rows] = process.argv.slice(2);
const PAGE = 500;

async function* pages() {
  for (let from = 0; from < Number(rows); from += PAGE)
    yield Array.from({ length: PAGE }, (_, i) => ({
      key: `row=${from + i}`,
      blockResults: { word: { n: from + i, text: `${from + i} `.padEnd(250, `palabra ${from + i} `) } },
    }));
}

const files = { keep: async ({ sizeBytes }, name) => ({ name, href: '', sizeBytes }) };
const result = await exportBlock(new ExportRows(undefined, files)).execute(
  { with: { to, columns: { n: 'word.n', text: 'word.text' } }, pages },
  { objects: new FsObjectStore(folder), block: 'words', signal: new AbortController().signal },
);
// Of this program alone: what getrusage tells is at least what the process had that began it.
const [, peakKilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
console.log(JSON.stringify({ ...result, peakBytes: Number(peakKilobytes) * 1024 }));
