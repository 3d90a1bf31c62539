import {
  canonicalJson,
  referencePublishedV1,
  storableJson,
  uuidFrom,
  type CourseDefinition,
} from '@duofactory/contracts';
import type { Clock, Transactions } from '@duofactory/platform';
import { createHash } from 'node:crypto';
import { insertRows, insertVersion, lockSource, type SourceKind } from '../../store/sources.js';
import type { TableStream } from '../tables/parse-table.js';
import { RowSpool, type SpoolRoom } from '../tables/row-spool.js';
import { invalidSource } from './source-problems.js';

export interface PublishedSource {
  readonly id: string;
  readonly version: number;
  /** false: the latest version has this content already. */
  readonly created: boolean;
  readonly rows: number;
}

/** Another content was published since the one that is to be published was begun to be read. */
export class Overtaken extends Error {
  constructor(kind: SourceKind, id: string, version: number) {
    super(`The ${kind} "${id}" has version ${version} by now`);
    this.name = 'Overtaken';
  }
}

export interface PublishOptions {
  /** The latest version when the reading began, 0: none. Once there is another, nothing but its content is taken. */
  readonly since?: number;
}

type Content = AsyncIterable<{ head: unknown } | { row: unknown }>;

/** Stores tables and courses as immutable versions; the same content again changes nothing. */
export class PublishSource {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    /** Where rows may lie while they are read. */
    private readonly room: SpoolRoom,
  ) {}

  /** A stream that breaks leaves nothing behind. Throws Overtaken. */
  table(id: string, stream: TableStream, options: PublishOptions = {}): Promise<PublishedSource> {
    return this.#publish('table', id, tableContent(stream), options);
  }

  /** Throws Overtaken. */
  course({ id, units, ...head }: CourseDefinition, options: PublishOptions = {}): Promise<PublishedSource> {
    return this.#publish('course', id, courseContent(head, units), options);
  }

  /**
   * First all of it is read, as slowly as it comes: a source that hangs must hold neither the lock of its table nor a
   * connection. Then it is stored in a short transaction.
   */
  async #publish(
    kind: SourceKind,
    id: string,
    content: Content,
    { since }: PublishOptions,
  ): Promise<PublishedSource> {
    const spool = await RowSpool.open(this.room);
    try {
      const { head, hash } = await spooled(content, spool);
      const { rows } = spool;
      if (rows === 0) throw invalidSource('empty-file', `The ${kind} has no rows`);
      return await this.transactions.run(async (tx, emit) => {
        const before = await lockSource(tx, kind, id);
        if (hash === before.hash) return { id, version: before.latest, created: false, rows };
        if (since !== undefined && before.latest !== since) throw new Overtaken(kind, id, before.latest);
        const version = before.latest + 1;
        let from = 1;
        for await (const values of spool.batches()) {
          await insertRows(tx, { kind, id, version, from, values });
          from += values.length;
        }
        const publishedAt = this.clock.now();
        await insertVersion(tx, kind, { id, version, hash, head, rows, publishedAt });
        emit(referencePublishedV1, {
          key: `${kind}/${id}/${version}`,
          id: uuidFrom(kind, id, version),
          data: { kind, id, version, labels: [], hash },
        });
        return { id, version, created: true, rows };
      });
    } finally {
      await spool.close();
    }
  }
}

async function* tableContent(stream: TableStream): Content {
  let columns: readonly unknown[] | undefined;
  for await (const item of stream) {
    if (columns) yield { row: item };
    else yield { head: { columns: (columns = item) } };
  }
}

async function* courseContent(head: unknown, units: readonly unknown[]): Content {
  yield { head };
  for (const row of units) yield { row };
}

async function spooled(content: Content, spool: RowSpool): Promise<{ head: unknown; hash: string }> {
  const hash = createHash('sha256');
  let head: unknown;
  for await (const item of content) {
    hash.update(`${canonicalJson(item)}\n`);
    if ('head' in item) ({ head } = item);
    else await spool.add(storableJson(item.row));
  }
  return { head, hash: hash.digest('hex') };
}
