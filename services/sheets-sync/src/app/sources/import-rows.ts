import { BlockFailure } from '@duofactory/block-kit';
import { closest } from '@duofactory/contracts';
import type { SourceKind, SourceVersion } from '../../store/sources.js';
import type { ReadSources, Row } from './read-sources.js';
import type { SlotValues } from '../wrappers/slots.js';
import { hasSections, sectionsOf } from '../wrappers/wrapper-sections.js';

export interface ImportRequest {
  readonly kind: SourceKind;
  /** `id` or `id@7`. */
  readonly reference: string;
  readonly where?: Readonly<Record<string, string | number | boolean>>;
  readonly rowId?: string;
  readonly groupBy?: string;
  readonly required?: readonly string[];
  readonly language?: string;
  /** Of wrappers: what stands in slots such as `[subject]`. */
  readonly slots?: SlotValues;
  readonly limit?: number;
  readonly atLeast?: number;
}

export interface ImportedRow {
  readonly id: string;
  readonly result: Record<string, unknown>;
}

/** Values that a near miss is looked for among. */
const MOST_SEEN = 1000;
const MOST_GROUPED_BYTES = 64 * 1024 * 1024;

/**
 * Turns rows of a version into payloads: filtered, named, and grouped where asked. Rows that are not grouped come one by
 * one, so that a table may be of any size; those that are grouped are held until the last has come.
 */
export class ImportRows {
  constructor(
    private readonly sources: ReadSources,
    /** Of rows that are grouped, as JSON. */
    private readonly mostGroupedBytes = MOST_GROUPED_BYTES,
  ) {}

  /** Its rows throw, too. Throws BlockFailure `unknown-table`, `unknown-course`, `missing-column`, `row-without-key`, `duplicate-key`, `too-few-rows`, `too-many-rows`. */
  async execute(
    request: ImportRequest,
    signal: AbortSignal,
  ): Promise<ImportedRow[] | AsyncIterable<ImportedRow>> {
    const { kind, where = {}, rowId, groupBy, required = [], language, slots } = request;
    const source = await this.#find(kind, request.reference);
    const columns = columnsOf(kind, source);
    const named = [
      ...Object.keys(where),
      ...(rowId ? [rowId] : []),
      ...(groupBy ? [groupBy] : []),
      ...required,
    ];
    for (const column of named) requireColumn(column, columns, source);

    const rows = this.#rows({ ...request, where }, source, signal);
    if (groupBy === undefined) return identified(rows, rowId, source);
    const all = await this.#held(rows, groupBy, source);
    return grouped(all, { groupBy, columns, language, slots, source });
  }

  async #held(rows: AsyncIterable<Row>, groupBy: string, { id, version }: SourceVersion): Promise<Row[]> {
    const all: Row[] = [];
    let bytes = 0;
    for await (const row of rows) {
      bytes += Buffer.byteLength(JSON.stringify(row.value));
      if (bytes > this.mostGroupedBytes) {
        const limit = `${this.mostGroupedBytes / 1024 / 1024} MB`;
        throw new BlockFailure(
          'too-many-rows',
          `Rows of ${id}@${version} are grouped by "${groupBy}", and those up to row ${row.ordinal} are more than the ${limit} that are held for it: take fewer (where, limit), or import them without groupBy and gather them by a later block`,
        );
      }
      all.push(row);
    }
    return all;
  }

  async *#rows(
    { kind, where, limit = Infinity, atLeast = 0 }: ImportRequest & Required<Pick<ImportRequest, 'where'>>,
    source: SourceVersion,
    signal: AbortSignal,
  ): AsyncIterable<Row> {
    const wanted = Object.entries(where);
    const seen = new Set<string>();
    let found = 0;
    for await (const row of this.sources.rows(kind, source)) {
      signal.throwIfAborted();
      const other = wanted.find(([column, value]) => String(row.value[column]) !== String(value));
      if (other) {
        if (seen.size < MOST_SEEN) seen.add(String(row.value[other[0]]));
        continue;
      }
      found += 1;
      yield row;
      if (found >= limit) break;
    }
    if (found < atLeast) throw tooFewRows(found, { atLeast, where, seen, source });
  }

  async #find(kind: SourceKind, reference: string): Promise<SourceVersion> {
    const found = await this.sources.find(kind, reference);
    if (found) return found;
    const ids = (await this.sources.list(kind)).map(({ id }) => id);
    const near = closest(reference.split('@')[0]!, ids);
    throw new BlockFailure(
      `unknown-${kind}`,
      `No ${kind} "${reference}" is published${near ? ` (did you mean "${near}"?)` : ''}`,
    );
  }
}

function tooFewRows(
  found: number,
  of: {
    atLeast: number;
    where: NonNullable<ImportRequest['where']>;
    seen: ReadonlySet<string>;
    source: SourceVersion;
  },
): BlockFailure {
  const { id, version } = of.source;
  const wanted = Object.entries(of.where).map(([column, value]) => `${column} "${value}"`);
  const near = Object.values(of.where)
    .map((value) => closest(String(value), [...of.seen]))
    .find((one) => one !== undefined);
  const message = `${id}@${version} has ${found} ${found === 1 ? 'row' : 'rows'}${wanted.length > 0 ? ` with ${wanted.join(' and ')}` : ''}, and at least ${of.atLeast} must be there`;
  return new BlockFailure('too-few-rows', `${message}${near ? ` (did you mean "${near}"?)` : ''}`);
}

function grouped(
  rows: readonly Row[],
  of: {
    language: string | undefined;
    slots: SlotValues | undefined;
    groupBy: string;
    columns: readonly string[];
    source: SourceVersion;
  },
): ImportedRow[] {
  const { groupBy, columns, source } = of;
  return [...Map.groupBy(rows, (row) => keyOf(row, groupBy, source))].map(([id, group]) => {
    const values = group.map(({ value }) => value);
    const hosts = new Set(values.map((value) => value['host']));
    return {
      id,
      result: {
        [groupBy]: id,
        rows: values,
        ...(hasSections(columns) ? { sections: sectionsOf(group, of) } : {}),
        // Who speaks the show's lines, where all of its rows agree.
        ...(columns.includes('host') && hosts.size === 1 ? { host: values[0]!['host'] } : {}),
      },
    };
  });
}

async function* identified(
  rows: AsyncIterable<Row>,
  rowId: string | undefined,
  source: SourceVersion,
): AsyncIterable<ImportedRow> {
  const seen = new Map<string, number>();
  for await (const row of rows) {
    // Places differ.
    if (rowId === undefined) {
      yield { id: String(row.ordinal), result: row.value };
      continue;
    }
    const id = keyOf(row, rowId, source);
    const before = seen.get(id);
    if (before !== undefined) {
      throw new BlockFailure(
        'duplicate-key',
        `Rows ${before} and ${row.ordinal} of ${source.id}@${source.version} have the same key "${id}"`,
      );
    }
    seen.set(id, row.ordinal);
    yield { id, result: row.value };
  }
}

function keyOf({ ordinal, value }: Row, column: string, source: SourceVersion): string {
  const key = value[column];
  if (key === undefined || key === null || key === '') {
    throw new BlockFailure(
      'row-without-key',
      `Row ${ordinal} of ${source.id}@${source.version} has nothing in column "${column}"`,
    );
  }
  return typeof key === 'string' ? key : JSON.stringify(key);
}

function columnsOf(kind: SourceKind, { head }: SourceVersion): readonly string[] {
  if (kind === 'table') return (head as { columns: string[] }).columns;
  return ['id', 'name', 'objective', 'level', 'words', 'sentences', 'slots', 'course', 'language', 'from'];
}

function requireColumn(column: string, columns: readonly string[], { id, version }: SourceVersion): void {
  if (columns.includes(column)) return;
  const near = closest(column, columns);
  throw new BlockFailure(
    'missing-column',
    `${id}@${version} has no column "${column}"${near ? ` (did you mean "${near}"?)` : ''}; it has ${columns.join(', ')}`,
  );
}
