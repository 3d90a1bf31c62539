import type { Queryable } from '@duofactory/platform';
import {
  findVersion,
  listSources,
  readRows,
  type SourceKind,
  type SourceVersion,
} from '../../store/sources.js';
import { unknownSource } from './source-problems.js';

export interface Row {
  /** 1-based, of the version. */
  readonly ordinal: number;
  readonly value: Record<string, unknown>;
}

const PAGE = 1000;

/** Versions of tables and courses, and their rows as objects. */
export class ReadSources {
  constructor(private readonly database: Queryable) {}

  list(kind: SourceKind): Promise<SourceVersion[]> {
    return listSources(this.database, kind);
  }

  /** By `id` (the latest version) or `id@7`. Throws Problem `unknown-…`. */
  async show(kind: SourceKind, reference: string): Promise<SourceVersion> {
    const found = await this.find(kind, reference);
    if (!found) throw unknownSource(kind, reference);
    return found;
  }

  async find(kind: SourceKind, reference: string): Promise<SourceVersion | undefined> {
    const [id, version] = reference.split('@');
    if (version !== undefined && !/^[1-9]\d{0,8}$/.test(version)) return undefined;
    return findVersion(this.database, kind, id!, version === undefined ? undefined : Number(version));
  }

  async page(
    kind: SourceKind,
    source: SourceVersion,
    { after, limit }: { after: number; limit: number },
  ): Promise<Row[]> {
    const { id, version } = source;
    const rows = await readRows(this.database, { kind, id, version, after, limit });
    return rows.map(({ ordinal, value }) => ({ ordinal, value: objectOf(kind, source, value) }));
  }

  /** All rows, in order, a page in memory at a time. */
  async *rows(kind: SourceKind, source: SourceVersion): AsyncIterable<Row> {
    for (let after = 0; ;) {
      const page = await this.page(kind, source, { after, limit: PAGE });
      yield* page;
      if (page.length < PAGE) return;
      after = page.at(-1)!.ordinal;
    }
  }
}

/** A unit carries what its course says of all of them; a table's cells get their columns' names. */
function objectOf(kind: SourceKind, { id, head }: SourceVersion, value: unknown): Record<string, unknown> {
  if (kind === 'table') {
    const { columns } = head as { columns: string[] };
    // `fromEntries` defines own fields: a column called __proto__ is a column.
    return Object.fromEntries(columns.map((name, i) => [name, (value as unknown[])[i]]));
  }
  const { language, from } = head as { language: string; from: string };
  return { ...(value as Record<string, unknown>), course: id, language, from };
}
