import { api } from '../api/client.js';
import { answer } from '../api/problem.js';
import { saveFile } from '../values/save-file.js';
import { keptIn } from './kept-result.js';

/** Few requests for many payloads; an answer of so many is no burden yet. */
const PAGE = 100;

/** All that came out of a block, whatever was read of it so far, as a file: a line a payload, with its key and its result. */
export async function exportResults(run: string, block: string): Promise<void> {
  const lines: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { block, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = await answer(api.GET('/api/runs/{id}/results', { params: { path: { id: run }, query } }));
    for (const { key, state, blockResults } of page.payloads) {
      const result = await wholeResult(run, block, key, blockResults[block]);
      lines.push(`${JSON.stringify({ key, state, result })}\n`);
    }
    cursor = page.next;
  } while (cursor !== undefined);
  saveFile(`results-${run.slice(0, 8)}-${block}.jsonl`, new Blob(lines, { type: 'application/jsonl' }));
}

function wholeResult(run: string, block: string, key: string, value: unknown): unknown {
  if (!keptIn(value)) return value;
  return answer<unknown>(
    api.GET('/api/runs/{id}/results/value', { params: { path: { id: run }, query: { block, key } } }),
  );
}
