import type { BlockRow } from './counters.js';

/**
 * The counters of some blocks of a run as one text, `block:number,number,…;block:…`: what a transition changes is one
 * value of one row, whatever the blocks. The view `blocks` shows it as rows, in the same order of numbers.
 */
export function countsText(rows: Iterable<BlockRow>): string {
  let text = '';
  for (const row of rows) {
    if (text !== '') text += ';';
    text += `${row.block}:${row.openWork},${row.tasks},${row.done},${row.failed},${row.skipped},${row.unmatched},${row.good},${row.payloads},${row.ready},${row.requested},${row.cost},${row.unpriced},${row.closed ? 1 : 0}`;
  }
  return text;
}

export function readCounts(run: string, text: string): BlockRow[] {
  return text === '' ? [] : text.split(';').map((line) => rowOf(run, line));
}

function rowOf(run: string, line: string): BlockRow {
  const colon = line.indexOf(':');
  const numbers = line
    .slice(colon + 1)
    .split(',')
    .map(Number);
  const [
    openWork,
    tasks,
    done,
    failed,
    skipped,
    unmatched,
    good,
    payloads,
    ready,
    requested,
    cost,
    unpriced,
  ] = numbers as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const counts = { openWork, tasks, done, failed, skipped, unmatched, good, payloads, ready, requested };
  return { run, block: line.slice(0, colon), ...counts, cost, unpriced, closed: numbers[12] === 1 };
}
