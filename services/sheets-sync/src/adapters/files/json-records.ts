import { BlockFailure } from '@duofactory/block-kit';

const MOST_CHARACTERS_A_LINE = 1_000_000;

/** A JSON document's rows: an array, or an object with `rows`. Throws BlockFailure `invalid-json`. */
export async function* jsonRecords(text: AsyncIterable<string>): AsyncGenerator<unknown> {
  let whole = '';
  for await (const piece of text) whole += piece;
  if (whole.trim() === '') throw new BlockFailure('empty-file', 'The file is empty: give it rows');
  yield* rowsOf(parsed(whole, 'The file'));
}

/** The rows of a document that is parsed already. */
export function rowsOf(document: unknown): readonly unknown[] {
  const rows = Array.isArray(document) ? document : (document as { rows?: unknown } | null)?.rows;
  if (!Array.isArray(rows))
    throw new BlockFailure('invalid-json', 'The document must be an array of rows, or an object with "rows"');
  return rows as unknown[];
}

/** A row a line (NDJSON, JSON Lines). Throws BlockFailure `invalid-json` with the line. */
export async function* jsonLines(text: AsyncIterable<string>): AsyncGenerator<unknown> {
  let rest = '';
  let line = 0;
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    if (rest.length > MOST_CHARACTERS_A_LINE)
      throw new BlockFailure('invalid-json', `Line ${line + lines.length + 1} is too long: write a row a line`);
    for (const one of lines) {
      line += 1;
      if (one.trim() !== '') yield parsed(one, `Line ${line}`);
    }
  }
  if (rest.trim() !== '') yield parsed(rest, `Line ${line + 1}`);
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BlockFailure('invalid-json', `${what} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
