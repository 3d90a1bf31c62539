import { memoryLimit, watchMemory } from '@duofactory/platform';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { CellErrors, UNCALCULATED } from './cell-errors.js';
import { cellText } from './cell-text.js';
import { columnIndex, columnName } from './column-name.js';
import { exactNumber } from './exact-json.js';
import { MergedPlaces, type MergedPlace } from './merged-places.js';
import type { TableStream } from './parse-table.js';
import { invalidSource } from '../sources/source-problems.js';
import { cellBeyond } from './table-columns.js';
import { MERGED, type TableNotes } from './table-notes.js';
import { WORKBOOK_THREAD } from './workbook-thread.js';

/** A workbook is a compressed archive: it is read whole. */
const LARGEST_FILE_MEGABYTES = 32;
const MEGABYTE = 1024 * 1024;
/** What is unpacked is there as bytes, as text and as cells, and what is done with lies there until it is collected. */
const MEMORY_PER_UNPACKED = 8;
const ROWS_AT_ONCE = 1000;
const INSTEAD = 'send a larger table as CSV, which is read as it comes';

export interface WorkbookLimits {
  /** What its parts may be when they are unpacked, together. */
  readonly unpackedMegabytes: number;
  /** How long reading it may take. */
  readonly seconds: number;
}

/** What ends the reading before its end: who waits for it, or the memory that it takes. */
interface Ended {
  readonly signal: AbortSignal;
  readonly tooLarge: AbortSignal;
}

interface Answer {
  readonly rows?: readonly (readonly unknown[])[];
  readonly tooLarge?: boolean;
  readonly failure?: string;
  /** Ranges, as the sheet names them. */
  readonly merged?: readonly string[];
  readonly hiddenRows?: readonly string[];
}

/**
 * The first sheet of an XLSX workbook, read in a thread with a memory of its own: what an archive unpacks to is not known
 * before, and neither is how far its cells lie apart, nor how long a reader is busy with a broken one. The thread ends with
 * its reader. Throws Problem `invalid-workbook`, `too-large`, `too-slow`.
 */
export async function* parseWorkbook(
  input: Readable,
  limits: WorkbookLimits,
  signal: AbortSignal,
  notes: TableNotes,
): TableStream {
  const { resolve } = createRequire(import.meta.url);
  const worker = new Worker(WORKBOOK_THREAD, {
    eval: true,
    workerData: {
      ...{ fflate: resolve('fflate'), reader: resolve('read-excel-file/node') },
      ...{ bytes: await buffer(bounded(input)), rowsAtOnce: ROWS_AT_ONCE, uncalculated: UNCALCULATED },
      mostBytes: limits.unpackedMegabytes * MEGABYTE,
    },
    resourceLimits: memoryLimit(limits.unpackedMegabytes * MEMORY_PER_UNPACKED),
    // It needs nothing of the process, and what it reads is untrusted.
    env: {},
  });
  const tooLarge = new AbortController();
  const stopLooking = watchMemory(worker, {
    megabytes: limits.unpackedMegabytes * MEMORY_PER_UNPACKED,
    isOver: () => tooLarge.abort(),
  });
  try {
    yield* tableOf(rowsOf(worker, limits, { signal, tooLarge: tooLarge.signal }, notes));
  } finally {
    stopLooking();
    await worker.terminate();
  }
}

/** The header's names, then rows that are not empty. Throws Problem `unnamed-cell`, `cell-error`. */
async function* tableOf(rows: TableStream): TableStream {
  let columns: string[] | undefined;
  let number = 0;
  const errors = new CellErrors();
  for await (const cells of rows) {
    number += 1;
    const row = number;
    const place = (column: number): string => `${columnName(column)}${row}`;
    errors.look(cells, columns, place);
    if (!columns) {
      columns = cells.map((cell) => cellText(cell).trim());
      while (columns.at(-1) === '') columns.pop();
      yield columns;
      continue;
    }
    const beyond = cellBeyond(cells, columns, place);
    if (beyond) throw invalidSource('unnamed-cell', beyond.message);
    if (cells.some((cell) => cellText(cell).trim() !== '')) yield columns.map((_, i) => cells[i] ?? '');
  }
  if (!columns) throw invalidSource('empty-file', 'The first sheet of the workbook has no rows');
  errors.end();
}

async function* rowsOf(worker: Worker, limits: WorkbookLimits, ended: Ended, notes: TableNotes): TableStream {
  let places = new MergedPlaces([]);
  let hidden: readonly string[] = [];
  let number = 0;
  for (;;) {
    worker.postMessage('more');
    const answer = await answerOf(worker, limits, ended);
    const { rows, tooLarge, failure, merged, hiddenRows } = answer;
    if (tooLarge)
      throw invalidSource(
        'too-large',
        `The workbook unpacks to more than ${limits.unpackedMegabytes} MB (DUOFACTORY_WORKBOOK_MB): ${INSTEAD}`,
      );
    if (failure !== undefined)
      throw invalidSource('invalid-workbook', `This is no XLSX workbook that can be read: ${failure}`);
    if (merged) places = new MergedPlaces(merged.map(placeOf));
    if (hiddenRows) hidden = hiddenRows;
    if (!rows || rows.length === 0) break;
    for (const row of rows) {
      number += 1;
      places.look(number, (column) => row[column]);
      yield row.map((cell) => (isNumber(cell) ? exactNumber(cell.number) : cell));
    }
  }
  for (const place of places.filled()) notes.add({ place, message: MERGED });
  for (const row of hidden) notes.add({ place: row, message: 'A hidden row: it was read like any other' });
}

/** `B2:B4`. */
function placeOf(range: string): MergedPlace {
  const [, column, row] = /^([A-Z]+)([1-9]\d*)/.exec(range) ?? [];
  if (column === undefined) return { place: range, row: 0, column: 0, isRead: false };
  return { place: range, row: Number(row), column: columnIndex(column), isRead: true };
}

/** As the sheet writes it. */
function isNumber(cell: unknown): cell is { readonly number: string } {
  return typeof cell === 'object' && cell !== null;
}

async function answerOf(
  worker: Worker,
  { unpackedMegabytes, seconds }: WorkbookLimits,
  { signal, tooLarge }: Ended,
): Promise<Answer> {
  const patience = AbortSignal.timeout(seconds * 1000);
  try {
    const [answer] = (await once(worker, 'message', {
      signal: AbortSignal.any([signal, patience, tooLarge]),
    })) as [Answer];
    return answer;
  } catch (error) {
    signal.throwIfAborted();
    if (patience.aborted)
      throw invalidSource(
        'too-slow',
        `Reading the workbook takes longer than ${seconds} s (DUOFACTORY_WORKBOOK_SECONDS): is it broken? Else ${INSTEAD}`,
      );
    const { code } = error as NodeJS.ErrnoException;
    if (!tooLarge.aborted && code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
    throw invalidSource(
      'too-large',
      `Reading the workbook takes more than ${unpackedMegabytes * MEMORY_PER_UNPACKED} MB of memory (${MEMORY_PER_UNPACKED} times DUOFACTORY_WORKBOOK_MB): has it a cell far away from the others? Else ${INSTEAD}`,
    );
  }
}

async function* bounded(input: Readable): AsyncIterable<Buffer> {
  let size = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > LARGEST_FILE_MEGABYTES * MEGABYTE)
      throw invalidSource('too-large', `A workbook may have ${LARGEST_FILE_MEGABYTES} MB: ${INSTEAD}`);
    yield chunk;
  }
}
