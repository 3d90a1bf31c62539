import { canonicalJson, referencePublishedV1, uuidFrom, type CourseDefinition } from '@duofactory/contracts';
import type { Clock, Transaction, Transactions } from '@duofactory/platform';
import { createHash } from 'node:crypto';
import { insertRows, insertVersion, lockSource, type SourceKind } from '../store/sources.js';
import type { TableStream } from './parse-table.js';
import { invalidSource } from './source-problems.js';

export interface PublishedSource {
  readonly id: string;
  readonly version: number;
  /** false: the latest version has this content already. */
  readonly created: boolean;
  readonly rows: number;
}

const ROWS_AT_ONCE = 1000;

/** Thrown to undo what was stored of content that turns out to be there already. */
class Unchanged extends Error {
  constructor(readonly published: PublishedSource) {
    super('unchanged');
  }
}

/** Stores tables and courses as immutable versions; the same content again changes nothing. */
export class PublishSource {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** In one transaction, a thousand rows at a time: a stream that breaks leaves nothing behind. */
  table(id: string, stream: TableStream): Promise<PublishedSource> {
    return this.#publish('table', id, async function* () {
      let columns: readonly unknown[] | undefined;
      for await (const item of stream) {
        if (columns) yield { row: item };
        else yield { head: { columns: (columns = item) } };
      }
    });
  }

  course({ id, units, ...head }: CourseDefinition): Promise<PublishedSource> {
    return this.#publish('course', id, async function* () {
      yield { head };
      for (const row of units) yield { row };
    });
  }

  async #publish(
    kind: SourceKind,
    id: string,
    content: () => AsyncIterable<{ head: unknown } | { row: unknown }>,
  ): Promise<PublishedSource> {
    try {
      return await this.transactions.run(async (tx, emit) => {
        const before = await lockSource(tx, kind, id);
        const version = before.latest + 1;
        const { head, rows, hash } = await store(tx, { kind, id, version }, content());
        if (hash === before.hash) throw new Unchanged({ id, version: before.latest, created: false, rows });
        if (rows === 0) throw invalidSource('empty-file', `The ${kind} has no rows`);
        await insertVersion(tx, kind, {
          id,
          version,
          hash,
          head,
          rows,
          publishedAt: this.clock.now(),
        });
        emit(referencePublishedV1, {
          key: `${kind}/${id}/${version}`,
          id: uuidFrom(kind, id, version),
          data: { kind, id, version, labels: [], hash },
        });
        return { id, version, created: true, rows };
      });
    } catch (error) {
      if (error instanceof Unchanged) return error.published;
      throw error;
    }
  }
}

async function store(
  tx: Transaction,
  of: { kind: SourceKind; id: string; version: number },
  content: AsyncIterable<{ head: unknown } | { row: unknown }>,
): Promise<{ head: unknown; rows: number; hash: string }> {
  const hash = createHash('sha256');
  let head: unknown;
  let rows = 0;
  let waiting: unknown[] = [];
  const flush = async (): Promise<void> => {
    await insertRows(tx, { ...of, from: rows - waiting.length + 1, values: waiting });
    waiting = [];
  };
  for await (const item of content) {
    hash.update(`${canonicalJson(item)}\n`);
    if ('head' in item) {
      ({ head } = item);
      continue;
    }
    rows += 1;
    waiting.push(item.row);
    if (waiting.length === ROWS_AT_ONCE) await flush();
  }
  if (waiting.length > 0) await flush();
  return { head, rows, hash: hash.digest('hex') };
}
