import { generateKeyPairSync, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SheetsFault {
  readonly status: number;
  /** Of the call whose path has this; the next one where it is not said. */
  readonly of?: string;
  /** Instead of a refusal, as it is: half of an answer. */
  readonly text?: string;
  /** What was asked for is done all the same. */
  readonly done?: boolean;
  readonly retryAfterSeconds?: number;
}

type Cell = string | number | boolean | null;

interface Tab {
  readonly sheetId: number;
  readonly title: string;
  merges?: readonly object[];
  cells: Cell[][];
  rowCount: number;
  columnCount: number;
  metadata: { id: number; key: string; value: string; row: number }[];
}

interface CellData {
  readonly userEnteredValue?: {
    readonly stringValue?: string;
    readonly numberValue?: number;
    readonly boolValue?: boolean;
  };
}

interface Request {
  readonly updateCells?: {
    readonly start: { readonly sheetId?: number; readonly rowIndex?: number; readonly columnIndex?: number };
    readonly rows: readonly { readonly values?: readonly CellData[] }[];
  };
  readonly appendDimension?: {
    readonly sheetId?: number;
    readonly dimension: string;
    readonly length: number;
  };
  readonly createDeveloperMetadata?: {
    readonly developerMetadata: {
      readonly metadataKey: string;
      readonly metadataValue: string;
      readonly location: {
        readonly dimensionRange: { readonly sheetId?: number; readonly startIndex?: number };
      };
    };
  };
}

/** https://developers.google.com/workspace/sheets/api/guides/metadata, "Storage limits". */
const MOST_METADATA_CHARACTERS = 30_000;

const STATUS: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

/**
 * Google Sheets on the wire, as far as it is used: signed tokens of a service account, tabs, values by range (empty cells at the
 * ends of rows and rows at the end left out, a range outside of the grid refused), developer metadata of rows up to what
 * a sheet may have of it, and batchUpdate, which does all of its requests or none.
 */
export class FakeSheets {
  /** Method and path of each call of the API, in order; those that faults answered too. */
  readonly calls: string[] = [];
  /** Of each batchUpdate that was done: its ranges of cells, and its size. */
  readonly updates: { readonly ranges: number; readonly sizeBytes: number }[] = [];
  readonly #spreadsheets = new Map<string, { shared: boolean; tabs: Tab[] }>();
  #faults: SheetsFault[] = [];
  #held:
    | { readonly of: string; readonly came: (answer: () => void) => void; readonly left: () => void }
    | undefined;
  #ids = 1;
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<FakeSheets> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const fake = new FakeSheets(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server);
    server.on('request', (request, response) => {
      void (async () => {
        const path = decodeURIComponent(new URL(request.url ?? '/', fake.url).pathname);
        const held = fake.#held && path.includes(fake.#held.of) ? fake.#held : undefined;
        if (held) fake.#held = undefined;
        if (held) response.once('close', held.left);
        else fake.calls.push(`${request.method} ${path}`);
        const { status, body, text, headers = {} } = fake.#answer(request, await textOf(request));
        const answer = (): void =>
          void response
            .writeHead(status, { 'content-type': 'application/json', ...headers })
            .end(text ?? JSON.stringify(body));
        if (held) held.came(answer);
        else answer();
      })();
    });
    return fake;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Key file of the one service account that is let in. */
  credentials(): { client_email: string; private_key: string; private_key_id: string } {
    return {
      client_email: 'sync@spec.iam.gserviceaccount.com',
      private_key: this.#keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      private_key_id: 'spec',
    };
  }

  /** A tab of a spreadsheet; made where it is not there. */
  put(spreadsheet: string, title: string, cells: Cell[][], { shared = true } = {}): void {
    const found = this.#spreadsheets.get(spreadsheet) ?? { shared, tabs: [] };
    this.#spreadsheets.set(spreadsheet, found);
    const before = found.tabs.find((tab) => tab.title === title);
    if (before) before.cells = cells;
    else
      found.tabs.push({
        ...{ sheetId: found.tabs.length, title, cells, metadata: [] },
        ...{ rowCount: Math.max(cells.length, 5), columnCount: Math.max(cells[0]?.length ?? 1, 26) },
      });
  }

  /** Cells of a tab are merged: in ranges as the vendor tells them. */
  merge(spreadsheet: string, title: string, ...merges: object[]): void {
    this.#spreadsheets.get(spreadsheet)!.tabs.find((tab) => tab.title === title)!.merges = merges;
  }

  cells(spreadsheet: string, title: string): Cell[][] {
    return this.#spreadsheets.get(spreadsheet)!.tabs.find((tab) => tab.title === title)!.cells;
  }

  /** What the next calls are answered, in order. */
  fail(...faults: SheetsFault[]): void {
    this.#faults.push(...faults);
  }

  /**
   * Leaves the next call, or the next whose path has `of`, without an answer, and counts it not. Resolves when it has
   * come, and when the caller gave it up; what came may still get the answer of the time when it came.
   */
  hold(of = ''): { readonly came: Promise<() => void>; readonly left: Promise<void> } {
    const [came, left] = [Promise.withResolvers<() => void>(), Promise.withResolvers<void>()];
    this.#held = { of, came: came.resolve, left: left.resolve };
    return { came: came.promise, left: left.promise };
  }

  #answer(
    request: IncomingMessage,
    text: string,
  ): { status: number; body?: unknown; text?: string; headers?: Record<string, string> } {
    const { url = '/', headers } = request;
    const { pathname, searchParams } = new URL(url, this.url);
    const path = decodeURIComponent(pathname);
    if (!this.#isSigned(headers.authorization)) return refusal(401, 'Request had invalid credentials.');
    const due = this.#faults[0]?.of === undefined || path.includes(this.#faults[0].of);
    const fault = due ? this.#faults.shift() : undefined;
    if (fault?.text !== undefined) return { status: fault.status, text: fault.text };
    if (fault) {
      if (fault.done) this.#answer(request, text);
      const { status, retryAfterSeconds } = fault;
      const after = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      return { ...refusal(status, `Told to answer ${status}.`), headers: after };
    }
    const [, id = '', rest = ''] = /^\/v4\/spreadsheets\/([^/:]+)(.*)$/.exec(path) ?? [];
    const spreadsheet = this.#spreadsheets.get(id);
    if (!spreadsheet) return refusal(404, 'Requested entity was not found.');
    if (!spreadsheet.shared) return refusal(403, 'The caller does not have permission');
    if (rest === '') return { status: 200, body: sheetsOf(id, spreadsheet.tabs, searchParams) };
    if (rest.startsWith('/values/'))
      return valuesOf(spreadsheet.tabs, rest.slice('/values/'.length), searchParams);
    if (rest === '/developerMetadata:search') return found(spreadsheet.tabs, text);
    if (rest === ':batchUpdate') return this.#update(spreadsheet.tabs, text);
    return refusal(404, `No such method: ${path}`);
  }

  /** Whether the token was signed by the account's key, for spreadsheets. */
  #isSigned(authorization = ''): boolean {
    const [head = '', body = '', signature = ''] = authorization.replace(/^Bearer /, '').split('.');
    const signed = Buffer.from(`${head}.${body}`);
    if (!verify('sha256', signed, this.#keys.publicKey, Buffer.from(signature, 'base64url'))) return false;
    const { iss, scope } = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, string>;
    return iss === this.credentials().client_email && scope?.endsWith('/auth/spreadsheets') === true;
  }

  #update(tabs: Tab[], text: string): { status: number; body: unknown } {
    const { requests } = JSON.parse(text) as { requests: Request[] };
    if (requests.length === 0) return refusal(400, 'Must specify at least one request.');
    const copy = structuredClone(tabs);
    for (const request of requests) {
      const { updateCells, appendDimension, createDeveloperMetadata } = request;
      const tabOf = (sheetId = 0): Tab => copy.find((tab) => tab.sheetId === sheetId)!;
      if (appendDimension) {
        const tab = tabOf(appendDimension.sheetId);
        if (appendDimension.dimension === 'ROWS') tab.rowCount += appendDimension.length;
        else tab.columnCount += appendDimension.length;
      }
      if (updateCells) {
        const { sheetId, rowIndex = 0, columnIndex = 0 } = updateCells.start;
        const tab = tabOf(sheetId);
        for (const [i, { values = [] }] of updateCells.rows.entries()) {
          if (rowIndex + i >= tab.rowCount || columnIndex + values.length > tab.columnCount)
            return refusal(400, 'Invalid requests: attempting to write outside of the grid.');
          const row = (tab.cells[rowIndex + i] ??= []);
          for (const [j, { userEnteredValue: value }] of values.entries())
            row[columnIndex + j] = value?.stringValue ?? value?.numberValue ?? value?.boolValue ?? null;
        }
        for (let i = 0; i < tab.cells.length; i += 1) tab.cells[i] ??= [];
      }
      if (createDeveloperMetadata) {
        const {
          metadataKey: key,
          metadataValue: value,
          location,
        } = createDeveloperMetadata.developerMetadata;
        const { sheetId, startIndex = 0 } = location.dimensionRange;
        tabOf(sheetId).metadata.push({ id: this.#ids++, key, value, row: startIndex });
      }
    }
    if (copy.some(({ metadata }) => charactersOf(metadata) > MOST_METADATA_CHARACTERS))
      return refusal(400, 'Invalid requests: the developer metadata of a sheet exceeds its storage limit.');
    this.updates.push({
      ranges: requests.filter(({ updateCells }) => updateCells).length,
      sizeBytes: Buffer.byteLength(text),
    });
    tabs.splice(0, tabs.length, ...copy);
    return { status: 200, body: { replies: requests.map(() => ({})) } };
  }
}

function charactersOf(metadata: Tab['metadata']): number {
  return metadata.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
}

/** Of what a tab has only what is asked for. */
function sheetsOf(spreadsheetId: string, tabs: readonly Tab[], query: URLSearchParams): object {
  const isAsked = (query.get('fields') ?? '').includes('merges');
  const sheets = tabs.map(({ sheetId, title, rowCount, columnCount, merges }) => ({
    properties: { sheetId, title, gridProperties: { rowCount, columnCount } },
    ...(merges && isAsked ? { merges } : {}),
  }));
  return { spreadsheetId, sheets };
}

function valuesOf(
  tabs: readonly Tab[],
  range: string,
  query: URLSearchParams,
): { status: number; body: unknown } {
  const [, title = '', first = '', from = '', last = '', to = ''] =
    /^'((?:[^']|'')*)'!([A-Z]*)(\d+):([A-Z]*)(\d+)$/.exec(range) ?? [];
  const tab = tabs.find((one) => one.title === title.replaceAll("''", "'"));
  if (!tab) return refusal(400, `Unable to parse range: ${range}`);
  if (Number(from) > tab.rowCount)
    return refusal(400, `Range (${range}) exceeds grid limits. Max rows: ${tab.rowCount}`);
  if (query.get('valueRenderOption') !== 'UNFORMATTED_VALUE')
    return refusal(400, 'This fake only knows UNFORMATTED_VALUE.');
  const rows = tab.cells.slice(Number(from) - 1, Number(to)).map((row) => {
    const cells = Array.from(row, (cell) => cell ?? '').slice(
      first === '' ? 0 : columnIndex(first),
      last === '' ? undefined : columnIndex(last) + 1,
    );
    while (cells.at(-1) === '') cells.pop();
    return cells;
  });
  while (rows.at(-1)?.length === 0) rows.pop();
  return {
    status: 200,
    body: { range, majorDimension: 'ROWS', ...(rows.length > 0 ? { values: rows } : {}) },
  };
}

/** A: 0, AA: 26. */
function columnIndex(name: string): number {
  return [...name].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function found(tabs: readonly Tab[], text: string): { status: number; body: unknown } {
  const { dataFilters } = JSON.parse(text) as {
    dataFilters: { developerMetadataLookup: { metadataKey: string } }[];
  };
  const keys = dataFilters.map(({ developerMetadataLookup: { metadataKey } }) => metadataKey);
  const matched = tabs.flatMap(({ sheetId, metadata }) =>
    metadata
      .filter((one) => keys.includes(one.key))
      .map(({ id, key, value, row }) => ({
        developerMetadata: {
          ...{ metadataId: id, metadataKey: key, metadataValue: value, visibility: 'DOCUMENT' },
          location: {
            locationType: 'ROW',
            dimensionRange: { sheetId, dimension: 'ROWS', startIndex: row, endIndex: row + 1 },
          },
        },
      })),
  );
  return { status: 200, body: matched.length > 0 ? { matchedDeveloperMetadata: matched } : {} };
}

function refusal(code: number, message: string): { status: number; body: unknown } {
  return { status: code, body: { error: { code, message, status: STATUS[code] ?? 'UNKNOWN' } } };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
