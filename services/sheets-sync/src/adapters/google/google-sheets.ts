import { auth, sheets, type sheets_v4 } from '@googleapis/sheets';
import { hash as sha256 } from 'node:crypto';
import { CellErrors } from '../../app/tables/cell-errors.js';
import { cellText } from '../../app/tables/cell-text.js';
import { columnIndex, columnName } from '../../app/tables/column-name.js';
import { exactJson } from '../../app/tables/exact-json.js';
import { Spreadsheets, type SheetRange, type SheetRows } from '../../app/sources/spreadsheets.js';
import { SheetFailure } from '../../app/sources/spreadsheets.js';
import { MergedPlaces } from '../../app/tables/merged-places.js';
import { MERGED, type TableNotes } from '../../app/tables/table-notes.js';
import type { TableStream } from '../../app/tables/parse-table.js';
import { cellBeyond } from '../../app/tables/table-columns.js';
import { typedCell } from './cells.js';
import { mergedPlaces } from './merged-ranges.js';
import { EndUnseen, type PacedCalls } from './paced-calls.js';
import { rowChanges } from './row-changes.js';
import { METADATA_KEYS, RowKeys } from './row-keys.js';

const SCOPE = 'https://www.googleapis.com/auth/spreadsheets';
/** The vendor advises to keep an answer near 2 MB. */
const ROWS_A_PAGE = 5_000;
/** Of a tab that people edit while it is compared. */
const MOST_COMPARISONS = 5;

interface ReadPage {
  readonly from: string;
  readonly to: string;
  readonly hash: string;
}

interface Reading {
  readonly spreadsheet: string;
  readonly tab: string;
  readonly rowCount: number;
  readonly pages: readonly ReadPage[];
}

/** Of the key file that Google gives out. */
export interface ServiceAccountKey {
  readonly client_email: string;
  readonly private_key: string;
  readonly private_key_id: string;
}

/** Google Sheets, by a service account. Every call waits for its turn and is tried again where that helps. */
export class GoogleSheets extends Spreadsheets {
  readonly #api: sheets_v4.Sheets;

  constructor(
    { key, rootUrl }: { key: ServiceAccountKey; rootUrl?: string },
    private readonly calls: PacedCalls,
  ) {
    super();
    const { client_email: email, private_key, private_key_id: keyId } = key;
    const account = new auth.JWT({ email, key: private_key, keyId, scopes: [SCOPE] });
    // A token that the key signs itself: no exchange, so nothing but the API has to be reached.
    account.useJWTAccessWithScope = true;
    this.#api = sheets({
      version: 'v4',
      auth: account,
      // Attempts are ours: its own would not wait for their turn.
      retry: false,
      ...(rootUrl === undefined ? {} : { rootUrl }),
    });
  }

  async *read(
    { spreadsheet, tab, columns: span, headerRow, types = {} }: SheetRange,
    signal: AbortSignal,
    notes?: TableNotes,
  ): TableStream {
    const [first, last] = span?.split(':') ?? ['', ''];
    const offset = first ? columnIndex(first) : 0;
    const { rowCount, merges } = await this.#tab(spreadsheet, tab, signal);
    const read = { fromRow: headerRow, from: offset, to: last ? columnIndex(last) : Infinity };
    const merged = new MergedPlaces(mergedPlaces(merges, read));
    const pages: ReadPage[] = [];
    const typeOf = (name: string) => (Object.hasOwn(types, name) ? types[name] : undefined);
    let columns: string[] | undefined;
    const errors = new CellErrors();
    for (let from = headerRow; from <= rowCount; from += ROWS_A_PAGE) {
      const to = Math.min(from + ROWS_A_PAGE - 1, rowCount);
      const cells = { from: `${first}${from}`, to: `${last}${to}` };
      const { rows, hash } = await this.#values(spreadsheet, tab, cells, signal).catch((error: unknown) =>
        this.#asChanged(error, { spreadsheet, tab, rowCount, pages }, signal),
      );
      pages.push({ ...cells, hash });
      for (const [i, row] of rows.entries()) {
        const place = (column: number): string => `${tab}!${columnName(offset + column)}${from + i}`;
        merged.look(from + i, (column) => row[column - offset]);
        errors.look(row, columns, place);
        if (columns === undefined) {
          columns = row.map((cell) => String(cell).trim());
          yield columns;
        } else if (row.some((cell) => cellText(cell).trim() !== '')) {
          const beyond = cellBeyond(row, columns, place);
          if (beyond)
            throw new SheetFailure(
              'unnamed-cell',
              `${beyond.message}, or say which columns the table has (B:F)`,
              { retryable: false, field: beyond.place },
            );
          yield columns.map((name, column) =>
            typedCell(row[column] ?? '', typeOf(name), place(column), name),
          );
        }
      }
    }
    // What all but the last page still have after the last one was read, they had then.
    if (pages.length > 1)
      await this.#checkUnchanged({ spreadsheet, tab, rowCount, pages: pages.slice(0, -1) }, signal);
    errors.end();
    for (const place of merged.filled()) notes?.add({ place: `${tab}!${place}`, message: MERGED });
  }

  /**
   * Pages are read one after another, and people edit meanwhile: a row that moves may be on two of them, or on none. So
   * they are read again. Throws SheetFailure `sheet-changed`.
   */
  async #checkUnchanged(of: Reading, signal: AbortSignal): Promise<void> {
    const { spreadsheet, tab, rowCount, pages } = of;
    for (const page of pages) {
      const { hash } = await this.#values(spreadsheet, tab, page, signal).catch((error: unknown) =>
        this.#asChanged(error, of, signal),
      );
      if (hash !== page.hash) throw changedMeanwhile(tab);
    }
    if ((await this.#tab(spreadsheet, tab, signal)).rowCount !== rowCount) throw changedMeanwhile(tab);
  }

  /** Rows that are there no more are refused by the vendor: not for good, if there are others now. */
  async #asChanged(
    error: unknown,
    { spreadsheet, tab, rowCount, pages }: Reading,
    signal: AbortSignal,
  ): Promise<never> {
    if (pages.length === 0 || !(error instanceof SheetFailure) || error.code !== 'sheets-refused')
      throw error;
    if ((await this.#tab(spreadsheet, tab, signal)).rowCount !== rowCount) throw changedMeanwhile(tab);
    throw error;
  }

  /**
   * What people change while the tab is compared would move rows under what is written: it is compared again. So it is
   * after an update whose end was not seen: what of it is there is not written twice.
   */
  async write(
    of: Pick<SheetRange, 'spreadsheet' | 'tab'>,
    content: SheetRows,
    signal: AbortSignal,
  ): Promise<{ written: number; unchanged: number }> {
    // What an update whose end was not seen brought is found there, and was written all the same.
    const sent = new Set<string>();
    for (let comparison = 1; ; comparison += 1) {
      try {
        await this.#writeChanges(of, content, sent, signal);
        return { written: sent.size, unchanged: content.rows.length - sent.size };
      } catch (error) {
        const isTorn = error instanceof SheetFailure && error.code === 'sheet-changed';
        const isUnseen = error instanceof EndUnseen;
        if (!(isTorn || isUnseen) || comparison === MOST_COMPARISONS) throw error;
        if (isUnseen) await this.calls.rest(comparison, error.options.afterMs, signal);
      }
    }
  }

  async #writeChanges(
    { spreadsheet, tab }: Pick<SheetRange, 'spreadsheet' | 'tab'>,
    content: SheetRows,
    sent: Set<string>,
    signal: AbortSignal,
  ): Promise<void> {
    const place = await this.#tab(spreadsheet, tab, signal);
    const { rowCount } = place;
    const cells: unknown[][] = [];
    const pages: ReadPage[] = [];
    for (let from = 1; from <= rowCount; from += ROWS_A_PAGE) {
      const page = { from: `${from}`, to: `${Math.min(from + ROWS_A_PAGE - 1, rowCount)}` };
      const { rows, hash } = await this.#values(spreadsheet, tab, page, signal).catch((error: unknown) =>
        this.#asChanged(error, { spreadsheet, tab, rowCount, pages }, signal),
      );
      pages.push({ ...page, hash });
      rows.forEach((row, i) => (cells[from - 1 + i] = row));
    }
    const { requests, changed } = rowChanges({
      ...{ content, place, cells, keys: await this.#keys(spreadsheet, place.sheetId, signal) },
    });
    if (requests.length === 0) return;
    // The keys come after the last page: all of them are looked at once more.
    await this.#checkUnchanged({ spreadsheet, tab, rowCount, pages }, signal);
    for (const row of changed) sent.add(row);
    // All of it or none.
    await this.calls.make(
      (within) =>
        whole(
          this.#api.spreadsheets.batchUpdate(
            { spreadsheetId: spreadsheet, requestBody: { requests } },
            { signal: within, retry: false },
          ),
        ),
      signal,
      { changes: true },
    );
  }

  async #tab(
    spreadsheetId: string,
    tab: string,
    signal: AbortSignal,
  ): Promise<{
    sheetId: number;
    rowCount: number;
    columnCount: number;
    merges: readonly sheets_v4.Schema$GridRange[];
  }> {
    const fields = 'sheets(properties(sheetId,title,gridProperties(rowCount,columnCount)),merges)';
    const { data } = await this.calls.make(
      (within) =>
        whole(
          this.#api.spreadsheets.get({ spreadsheetId, fields }, { signal: within, retry: false }),
          'sheets',
        ),
      signal,
    );
    const tabs = (data.sheets ?? []).map(({ properties, merges = [] }) => ({ ...properties, merges }));
    const found = tabs.find(({ title }) => title === tab);
    if (!found)
      throw new SheetFailure(
        'unknown-tab',
        `The spreadsheet has no tab "${tab}": it has ${tabs.map(({ title }) => `"${title}"`).join(', ')}`,
        { retryable: false, field: 'tab' },
      );
    const { rowCount, columnCount } = found.gridProperties ?? {};
    return {
      ...{ sheetId: found.sheetId ?? 0, merges: found.merges },
      ...{ rowCount: rowCount ?? 0, columnCount: columnCount ?? 0 },
    };
  }

  async #values(
    spreadsheetId: string,
    tab: string,
    { from, to }: { from: string; to: string },
    signal: AbortSignal,
  ): Promise<{ rows: unknown[][]; hash: string }> {
    const range = `'${tab.replaceAll("'", "''")}'!${from}:${to}`;
    const { data, hash } = await this.calls.make(
      (within) =>
        whole(
          exact(
            this.#api.spreadsheets.values.get(
              {
                ...{ spreadsheetId, range, majorDimension: 'ROWS', valueRenderOption: 'UNFORMATTED_VALUE' },
                dateTimeRenderOption: 'FORMATTED_STRING',
              },
              { signal: within, retry: false, responseType: 'text' },
            ),
          ),
          'range',
        ),
      signal,
    );
    return { rows: (data.values ?? []) as unknown[][], hash };
  }

  /** The rows that an export made, by the keys that it left with them. */
  async #keys(spreadsheetId: string, sheetId: number, signal: AbortSignal): Promise<RowKeys> {
    const { data } = await this.calls.make(
      (within) =>
        whole(
          this.#api.spreadsheets.developerMetadata.search(
            {
              spreadsheetId,
              requestBody: {
                dataFilters: METADATA_KEYS.map((metadataKey) => ({
                  developerMetadataLookup: { metadataKey },
                })),
              },
            },
            { signal: within, retry: false },
          ),
        ),
      signal,
    );
    const keys = new RowKeys();
    for (const { developerMetadata } of data.matchedDeveloperMetadata ?? []) {
      const { metadataKey: key, metadataValue: value, location } = developerMetadata ?? {};
      const { startIndex: row, sheetId: of } = location?.dimensionRange ?? {};
      if (key == null || value == null || row == null || (of ?? 0) !== sheetId) continue;
      keys.found({ key, value, row });
    }
    return keys;
  }
}

/** Of an answer as text. What is no JSON stays one. */
async function exact<Data>(
  answering: Promise<{ readonly data: Data }>,
): Promise<{ readonly data: Data; readonly hash: string }> {
  const { data } = await answering;
  const text = String(data);
  const hash = sha256('sha256', text);
  try {
    return { data: exactJson(text) as Data, hash };
  } catch {
    return { data, hash };
  }
}

function changedMeanwhile(tab: string): SheetFailure {
  return new SheetFailure(
    'sheet-changed',
    `"${tab}" has changed while it was read: its rows are read again once nobody edits it`,
    { retryable: true, field: 'tab' },
  );
}

/** The client hands on as text what is no JSON, such as half an answer: what that lacks is not known to be empty. */
async function whole<Answer extends { readonly data: object }>(
  answering: Promise<Answer>,
  member?: string,
): Promise<Answer> {
  const answer = await answering;
  const data: unknown = answer.data;
  if (typeof data !== 'object' || data === null || (member !== undefined && !Object.hasOwn(data, member)))
    throw new Error('an answer came in part');
  return answer;
}
