import { randomUUID } from 'node:crypto';
import type { Message } from '../bus.js';
import { qualified, type SqlTransaction } from './sql.js';

/** The messages of one micro-batch for one topic, as one row. */
export interface OutboxRow {
  readonly id: string;
  readonly topic: string;
  readonly messages: readonly Message[];
}

export interface OutboxOptions {
  /** Only where the connection's search path does not name it. */
  readonly schema?: string;
  readonly now?: () => Date;
}

/** A crash or a failed publish is noticed by the sweep after this time. */
export const SWEEP_AFTER_MS = 5000;

/**
 * Writes messages into the transaction that causes them, so that both happen or neither. `OutboxRelay` publishes them.
 * Published rows are deleted by the next `add`, in the same statement as its insert: most of the time the outbox costs
 * no round trip of its own.
 */
export class Outbox {
  readonly #insert: string;
  readonly #insertAndDelete: string;
  readonly #now: () => Date;
  readonly #published = new Set<string>();
  /** What each `add` deletes, until its transaction is known to have ended well. */
  readonly #carried = new WeakMap<readonly OutboxRow[], readonly string[]>();

  constructor(options: OutboxOptions = {}) {
    const table = qualified('outbox', options.schema);
    this.#now = options.now ?? (() => new Date());
    // A row a statement: as elements of an array, long texts would be escaped here and unescaped there, letter by letter.
    // -- $1 id, $2 topic, $3 messages (the text of a JSON array), $4 now, $5 due for the sweep
    const insert = `insert into ${table} (id, topic, messages, created_at, due_at) values ($1, $2, $3, $4, $5)`;
    this.#insert = insert;
    // -- $6 ids of rows that are published
    this.#insertAndDelete = `with published as (delete from ${table} where id = any($6::uuid[])) ${insert}`;
  }

  /** Stores the messages, one row a topic. Give the rows to `OutboxRelay.published` right after the commit. */
  add(tx: SqlTransaction, messages: readonly Message[]): OutboxRow[] {
    const rows = rowsOf(messages);
    if (rows.length === 0) return rows;

    const deleted = [...this.#published];
    if (deleted.length > 0) {
      // Taken out at once, so that two transactions never wait for each other over the same rows.
      this.#published.clear();
      this.#carried.set(rows, deleted);
      this.#unconfirmed.add(deleted);
    }
    const now = this.#now();
    const dueAt = new Date(now.getTime() + SWEEP_AFTER_MS);
    rows.forEach(({ id, topic, messages }, n) => {
      const values = [id, topic, textOf(messages), now, dueAt];
      if (n > 0 || deleted.length === 0) tx.send({ name: 'outbox-add', text: this.#insert, values });
      else
        tx.send({
          name: 'outbox-add-and-delete',
          text: this.#insertAndDelete,
          values: [...values, deleted],
        });
    });
    return rows;
  }

  /** The transaction of these rows is committed: what it deleted is gone. */
  confirm(rows: readonly OutboxRow[]): void {
    const deleted = this.#carried.get(rows);
    if (deleted !== undefined) this.#unconfirmed.delete(deleted);
  }

  /** These rows are published: they may be deleted. */
  markPublished(id: string): void {
    this.#published.add(id);
  }

  /** Ids that a statement of the relay is to delete now. `everything`: also those whose transaction never reported back. */
  takePublished(everything: boolean): string[] {
    if (everything) for (const ids of [...this.#unconfirmed]) this.#giveBack(ids);
    const ids = [...this.#published];
    this.#published.clear();
    return ids;
  }

  get publishedCount(): number {
    return this.#published.size;
  }

  get hasUnconfirmed(): boolean {
    return this.#unconfirmed.size > 0;
  }

  /** Ids that are published but may still be in the table: the sweep leaves them alone. */
  publishedIds(): string[] {
    return [...this.#published, ...[...this.#unconfirmed].flat()];
  }

  readonly #unconfirmed = new Set<readonly string[]>();

  #giveBack(ids: readonly string[]): void {
    this.#unconfirmed.delete(ids);
    for (const id of ids) this.#published.add(id);
  }
}

/** As `JSON.stringify` writes it, but the data, which are most of it, only once: the broker gets them as they are here. */
function textOf(messages: readonly WrittenMessage[]): string {
  let text = '[';
  for (const { topic, key, event, body } of messages) {
    const { id, source, type, subject, time, traceparent } = event;
    // Named one by one: a copy of the rest of an object takes longer than writing it.
    const head = JSON.stringify({ topic, key, event: { id, source, type, subject, time, traceparent } });
    if (text !== '[') text += ',';
    text += `${head.slice(0, -2)},"data":${body}}}`;
  }
  return `${text}]`;
}

type WrittenMessage = Message & { readonly body: string };

function rowsOf(
  messages: readonly Message[],
): (OutboxRow & { readonly messages: readonly WrittenMessage[] })[] {
  const topics = new Map<string, WrittenMessage[]>();
  for (const { topic, key, event } of messages) {
    const message = { topic, key, event, body: JSON.stringify(event.data ?? null) };
    const same = topics.get(message.topic);
    if (same === undefined) topics.set(message.topic, [message]);
    else same.push(message);
  }
  return Array.from(topics, ([topic, ofTopic]) => ({ id: randomUUID(), topic, messages: ofTopic }));
}
