import {
  BodyNotKept,
  DeadLetterTable,
  redriven,
  type DeadLetter,
  type Outbox,
  type OutboxRelay,
} from '@duofactory/messaging';
import { Type } from 'typebox';
import { Problem, decodeCursor, encodeCursor, type Clock, type Database } from '@duofactory/platform';
import { eachForItself } from './each-for-itself.js';

const LetterPosition = Type.Object({
  id: Type.String({ format: 'uuid' }),
  parkedAt: Type.String({ format: 'date-time' }),
});

export interface ShownLetter {
  readonly id: string;
  readonly topic: string;
  /** Who could not handle it. */
  readonly group: string;
  /** Where it lay in its topic: on Kafka. */
  readonly partition?: number;
  readonly offset?: number;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly attempts: number;
  readonly parkedAt: string;
}

export interface ShownEnvelope extends ShownLetter {
  readonly key: string;
  readonly headers: Record<string, string>;
  /** Text where the bytes are UTF-8, else base64. */
  readonly body: string;
  readonly encoding: 'utf-8' | 'base64';
  /** The body was too large to be kept. */
  readonly omittedBytes?: number;
}

export interface Redriven {
  readonly redriven: readonly string[];
  readonly refused: readonly { readonly id: string; readonly code: string; readonly message: string }[];
}

/** Messages that a consumer gave up on: to be looked at, and sent again once the reason is mended. */
export class DeadLetters {
  readonly #table: DeadLetterTable;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
    private readonly clock: Clock,
  ) {
    this.#table = new DeadLetterTable(database);
  }

  keep(letter: DeadLetter): Promise<void> {
    return this.#table.keep(letter);
  }

  /** Those not sent again yet, newest first. */
  async list({ cursor, limit }: { cursor?: string; limit: number }): Promise<{
    deadLetters: ShownLetter[];
    next?: string;
  }> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, LetterPosition);
    const letters = await this.#table.list({ limit: limit + 1, ...(after ? { after } : {}) });
    const deadLetters = letters.slice(0, limit).map(shown);
    if (letters.length <= limit) return { deadLetters };
    const { id, parkedAt } = deadLetters.at(-1)!;
    return { deadLetters, next: encodeCursor({ id, parkedAt }) };
  }

  async show(id: string): Promise<ShownEnvelope> {
    const letter = await this.#find(id);
    const text = letter.body.toString('utf8');
    const isText = Buffer.from(text, 'utf8').equals(letter.body);
    return {
      ...shown(letter),
      key: letter.key,
      headers: letter.headers,
      body: isText ? text : letter.body.toString('base64'),
      encoding: isText ? 'utf-8' : 'base64',
      ...(letter.omittedBytes === undefined ? {} : { omittedBytes: letter.omittedBytes }),
    };
  }

  /** Sends the message again, as it came. Asked twice, it is sent once. */
  async redrive(id: string): Promise<void> {
    const letter = await this.#find(id);
    const message = messageOf(letter);
    const rows = await this.database.transaction(async (tx) =>
      (await this.#table.markRedriven(tx, id, this.clock.now())) ? this.outbox.add(tx, [message]) : [],
    );
    this.relay.published(rows);
  }

  /** Sends several again, in the order in which they are named. One that is refused keeps none of the others back. */
  async redriveAll(ids: readonly string[]): Promise<Redriven> {
    const { done, refused } = await eachForItself(ids, (id) => this.redrive(id));
    return { redriven: done, refused: refused.map(({ of: id, ...why }) => ({ id, ...why })) };
  }

  async #find(id: string): Promise<DeadLetter> {
    const letter = await this.#table.find(id);
    if (letter) return letter;
    const detail = `No dead letter has the id ${id}`;
    throw new Problem({ status: 404, code: 'unknown-dead-letter', title: 'Unknown dead letter', detail });
  }
}

function messageOf(letter: DeadLetter): ReturnType<typeof redriven> {
  try {
    return redriven(letter);
  } catch (error) {
    const title = 'This message cannot be sent again';
    if (error instanceof BodyNotKept) {
      const detail = `${error.message}. Have its producer send it anew.`;
      throw new Problem({ status: 409, code: error.code, title, detail });
    }
    throw new Problem({
      status: 409,
      code: 'not-an-event',
      title,
      detail: `Its bytes never were an event: ${(error as Error).message}. Have its producer send it anew.`,
    });
  }
}

function shown(letter: DeadLetter): ShownLetter {
  const { id, topic, group, partition, offset, errorCode, errorMessage, attempts, parkedAt } = letter;
  const place = {
    ...(partition === undefined ? {} : { partition }),
    ...(offset === undefined ? {} : { offset }),
  };
  return { id, topic, group, ...place, errorCode, errorMessage, attempts, parkedAt };
}
