import { hash } from 'node:crypto';
import { SheetFailure } from '../../app/sources/spreadsheets.js';

/**
 * What the vendor keeps for a sheet: characters of keys and values, those of its rows and columns together
 * (https://developers.google.com/workspace/sheets/api/guides/metadata, "Storage limits").
 */
const MOST_CHARACTERS = 30_000;
/** So much of the SHA-256, as 4 characters: with the cell of the key beside it, it says which row is ours. */
const BITS = 24;
const METADATA_KEY = 'df';
/** With whole keys as values, from before they were shortened. */
const LONG_METADATA_KEY = 'duofactory-row';

export const METADATA_KEYS = [METADATA_KEY, LONG_METADATA_KEY] as const;

/** Where exports left the keys of their rows. */
export class RowKeys {
  readonly #rows = new Map<string, number[]>();
  #characters = 0;
  /** One more than the last row that has one. */
  end = 0;

  /** As it is found: `row` from 0. */
  found({ key, value, row }: { key: string; value: string; row: number }): void {
    this.#characters += key.length + value.length;
    const short = key === METADATA_KEY ? value : shortOf(value);
    this.#rows.set(short, [...(this.#rows.get(short) ?? []), row]);
    this.end = Math.max(this.end, row + 1);
  }

  /** More than one where a row was lost and made anew. */
  rowsOf(id: string): readonly number[] {
    return this.#rows.get(shortOf(id)) ?? [];
  }

  /** What is left with a new row. Throws SheetFailure `too-many-rows`. */
  add(id: string): { metadataKey: string; metadataValue: string } {
    const metadata = { metadataKey: METADATA_KEY, metadataValue: shortOf(id) };
    const length = metadata.metadataKey.length + metadata.metadataValue.length;
    this.#characters += length;
    if (this.#characters > MOST_CHARACTERS)
      throw new SheetFailure(
        'too-many-rows',
        `Google Sheets keeps the keys of ${Math.floor(MOST_CHARACTERS / length)} rows a tab at the most (${MOST_CHARACTERS} characters of developer metadata), and these would be more: write to several tabs, or export to csv, xlsx or jsonl`,
        { retryable: false, field: 'to' },
      );
    return metadata;
  }
}

function shortOf(id: string): string {
  return Buffer.from(hash('sha256', id, 'buffer').subarray(0, BITS / 8)).toString('base64url');
}
