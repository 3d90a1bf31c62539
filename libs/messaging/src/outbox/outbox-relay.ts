import { BusStopped, type Bus, type Message } from '../bus.js';
import { codeOf, messageOf } from '../failure.js';
import { stderrLog, type Log } from '../log.js';
import { SWEEP_AFTER_MS, type Outbox, type OutboxRow } from './outbox.js';
import { qualified, type Sql } from './sql.js';

export interface OutboxRelayOptions {
  readonly bus: Bus;
  readonly outbox: Outbox;
  /** A pool: the relay deletes and sweeps outside of anybody's transaction. */
  readonly sql: Sql;
  readonly schema?: string;
  readonly log?: Log;
  readonly now?: () => Date;
  /** Default 1000. */
  readonly sweepEveryMs?: number;
  /** How long published rows wait for the next `add` to take them along. Default 100. */
  readonly idleDeleteMs?: number;
}

export interface OutboxDepth {
  /** Rows, up to `MOST_COUNTED`. */
  readonly rows: number;
  /** Undefined: it is empty. */
  readonly oldestAt: Date | undefined;
}

const MOST_COUNTED = 10_000;
const SWEPT_AT_ONCE = 200;
const MOST_SWEEP_PAUSE_MS = 5000;
/** More published rows than this are not left to the next `add`. */
const DELETE_AT_ONCE = 1000;

/**
 * Publishes outbox rows: those just committed from memory, those that a crash or an outage left by a sweep. A row is
 * deleted only after its messages are safe, so each is published at least once. The sweep leases what it takes by
 * moving `due_at`, and skips what this process has in flight.
 */
export class OutboxRelay {
  readonly #bus: Bus;
  readonly #outbox: Outbox;
  readonly #sql: Sql;
  readonly #log: Log;
  readonly #now: () => Date;
  readonly #sweepEveryMs: number;
  readonly #idleDeleteMs: number;
  readonly #deleteText: string;
  readonly #leaseText: string;
  readonly #depthText: string;
  readonly #inFlight = new Map<string, Promise<void>>();
  #deleteTimer: NodeJS.Timeout | undefined;
  #sweepTimer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;
  #deleting: Promise<void> = Promise.resolve();
  #failures = 0;
  #publishedMessages = 0;
  #failedPublishes = 0;
  #stopped = false;

  constructor(options: OutboxRelayOptions) {
    this.#bus = options.bus;
    this.#outbox = options.outbox;
    this.#sql = options.sql;
    this.#log = options.log ?? stderrLog;
    this.#now = options.now ?? (() => new Date());
    this.#sweepEveryMs = options.sweepEveryMs ?? 1000;
    this.#idleDeleteMs = options.idleDeleteMs ?? 100;
    const table = qualified('outbox', options.schema);
    // -- $1 ids
    this.#deleteText = `delete from ${table} where id = any($1::uuid[])`;
    // -- $1 due before, $2 next due, $3 ids to leave alone, $4 most rows
    this.#leaseText = `update ${table} set due_at = $2 where id in (
        select id from ${table} where due_at <= $1 and id <> all($3::uuid[])
        order by created_at limit $4 for update skip locked)
      returning id, topic, messages, created_at`;
    this.#depthText = `select count(*)::int as rows, min(created_at) as oldest
      from (select created_at from ${table} limit ${MOST_COUNTED}) as counted`;
  }

  /**
   * Begins to sweep. Where publishers and consumers share the process, nobody else can have rows in flight: then all
   * that an earlier process left is published at once.
   */
  async start(): Promise<void> {
    await this.sweep(this.#bus.inProcess);
    this.#scheduleSweep();
  }

  /** Call it right after the commit, with what `Outbox.add` returned. Never waits and never throws. */
  published(rows: readonly OutboxRow[]): void {
    this.#outbox.confirm(rows);
    if (this.#stopped) return;
    for (const row of rows) this.#publish(row);
  }

  /** What lies in the table, published rows that are not deleted yet included. Reads no more than 10,000 rows. */
  async depth(): Promise<OutboxDepth> {
    const { rows } = await this.#sql.query<{ rows: number; oldest: Date | null }>({
      name: 'outbox-depth',
      text: this.#depthText,
    });
    return { rows: rows[0]!.rows, oldestAt: rows[0]!.oldest ?? undefined };
  }

  /** Since the process began. */
  get counts(): { readonly published: number; readonly failed: number } {
    return { published: this.#publishedMessages, failed: this.#failedPublishes };
  }

  /** Publishes what is due; `all`: whatever is there. Resolves when the rows are taken, not when they are published. */
  sweep(all = false): Promise<void> {
    this.#sweeping ??= this.#sweepOnce(all).finally(() => (this.#sweeping = undefined));
    return this.#sweeping;
  }

  /** Waits for what is in flight, then deletes what is published. Call it after the bus is drained. */
  async drain(): Promise<void> {
    clearTimeout(this.#sweepTimer);
    await this.#sweeping;
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight.values());
    clearTimeout(this.#deleteTimer);
    this.#deleteTimer = undefined;
    await this.#delete(true);
  }

  /** No more publishing: rows that come now stay for the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.drain();
  }

  #publish(row: OutboxRow): void {
    const { id } = row;
    if (this.#inFlight.has(id)) return;
    this.#inFlight.set(
      id,
      this.#bus.publish(row.messages).then(
        () => this.#safe(row),
        (error: unknown) => this.#failed(row, error),
      ),
    );
  }

  #safe({ id, messages }: OutboxRow): void {
    this.#publishedMessages += messages.length;
    this.#inFlight.delete(id);
    this.#outbox.markPublished(id);
    if (this.#failures > 0) {
      this.#failures = 0;
      this.#log.info({}, 'outbox publishes again');
    }
    const full = this.#outbox.publishedCount === DELETE_AT_ONCE;
    if (full) clearTimeout(this.#deleteTimer);
    if (full || this.#deleteTimer === undefined) {
      this.#deleteTimer = setTimeout(
        () => {
          this.#deleteTimer = undefined;
          void this.#delete(false);
        },
        full ? 0 : this.#idleDeleteMs,
      );
    }
  }

  #failed(row: OutboxRow, error: unknown): void {
    this.#inFlight.delete(row.id);
    // The row is in the table: the sweep takes it when it is due, here or after the next start.
    if (error instanceof BusStopped) return;
    this.#failedPublishes += 1;
    this.#failures += 1;
    if (this.#failures > 1) return;
    this.#log.error(
      { topic: row.topic, errorCode: codeOf(error), errorMessage: messageOf(error) },
      'outbox cannot publish, will be tried again',
    );
  }

  async #delete(everything: boolean): Promise<void> {
    const ids = this.#outbox.takePublished(everything);
    if (ids.length === 0) return this.#deleting;
    this.#deleting = this.#sql.query({ name: 'outbox-delete', text: this.#deleteText, values: [ids] }).then(
      () => undefined,
      // Kept in mind: the next `add`, deletion or sweep takes them along.
      () => ids.forEach((id) => this.#outbox.markPublished(id)),
    );
    return this.#deleting;
  }

  #scheduleSweep(): void {
    if (this.#stopped) return;
    const pauseMs = Math.min(MOST_SWEEP_PAUSE_MS, this.#sweepEveryMs * 2 ** Math.min(this.#failures, 10));
    this.#sweepTimer = setTimeout(() => {
      void this.sweep().finally(() => this.#scheduleSweep());
    }, pauseMs);
  }

  async #sweepOnce(all: boolean): Promise<void> {
    try {
      await this.#delete(true);
      for (;;) {
        const taken = await this.#lease(all);
        for (const row of taken) this.#publish(row);
        if (taken.length < SWEPT_AT_ONCE) return;
      }
    } catch (error) {
      this.#failures += 1;
      if (this.#failures > 1) return;
      this.#log.error(
        { errorCode: codeOf(error), errorMessage: messageOf(error) },
        'outbox cannot be swept, will be tried again',
      );
    }
  }

  async #lease(all: boolean): Promise<OutboxRow[]> {
    const now = this.#now().getTime();
    const { rows } = await this.#sql.query<{ id: string; topic: string; messages: string; created_at: Date }>(
      {
        name: 'outbox-lease',
        text: this.#leaseText,
        values: [
          all ? 'infinity' : new Date(now),
          new Date(now + SWEEP_AFTER_MS),
          [...this.#inFlight.keys(), ...this.#outbox.publishedIds()],
          SWEPT_AT_ONCE,
        ],
      },
    );
    return rows
      .sort((a, b) => a.created_at.getTime() - b.created_at.getTime())
      .map(({ id, topic, messages }) => ({ id, topic, messages: JSON.parse(messages) as Message[] }));
  }
}
