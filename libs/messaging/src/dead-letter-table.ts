import { DeadLetterStore, type DeadLetter } from './dead-letter.js';
import { qualified, type Sql } from './outbox/sql.js';

interface Row {
  id: string;
  topic: string;
  group_name: string;
  record_partition: number | null;
  /** bigint: text, as pg reads it. */
  record_offset: string | null;
  key: string;
  headers: Record<string, string>;
  body: Buffer;
  omitted_bytes: number | null;
  error_code: string;
  error_message: string;
  attempts: number;
  parked_at: Date;
}

/** Dead letters in the table of `MESSAGING_MIGRATIONS`. */
export class DeadLetterTable extends DeadLetterStore {
  readonly #sql: Sql;
  readonly #table: string;

  constructor(sql: Sql, schema?: string) {
    super();
    this.#sql = sql;
    this.#table = qualified('dead_letters', schema);
  }

  async keep(letter: DeadLetter): Promise<void> {
    await this.#sql.query({
      name: 'dead-letter-keep',
      text: `insert into ${this.#table} as letters
          (id, topic, group_name, key, headers, body, error_code, error_message, attempts, parked_at,
            record_partition, record_offset, omitted_bytes)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        on conflict (id) do update set error_code = excluded.error_code, error_message = excluded.error_message,
          attempts = excluded.attempts, parked_at = excluded.parked_at, redriven_at = null
          where letters.parked_at < excluded.parked_at`,
      values: [
        letter.id,
        letter.topic,
        letter.group,
        // PostgreSQL's text takes no NUL, and neither does its jsonb.
        storable(letter.key),
        JSON.stringify(letter.headers, (_name, value: unknown) =>
          typeof value === 'string' ? storable(value) : value,
        ),
        letter.body,
        letter.errorCode,
        storable(letter.errorMessage),
        letter.attempts,
        letter.parkedAt,
        letter.partition ?? null,
        letter.offset ?? null,
        letter.omittedBytes ?? null,
      ],
    });
  }

  /** Letters not redriven yet, newest first, after the given one. */
  async list(page: {
    readonly limit: number;
    readonly after?: Pick<DeadLetter, 'id' | 'parkedAt'>;
  }): Promise<DeadLetter[]> {
    const { rows } = await this.#sql.query<Row>({
      text: `select * from ${this.#table}
        where redriven_at is null and ($2::uuid is null or (parked_at, id) < ($3::timestamptz, $2::uuid))
        order by parked_at desc, id desc limit $1`,
      values: [page.limit, page.after?.id ?? null, page.after?.parkedAt ?? null],
    });
    return rows.map(letterOfRow);
  }

  async find(id: string): Promise<DeadLetter | undefined> {
    const { rows } = await this.#sql.query<Row>({
      text: `select * from ${this.#table} where id = $1`,
      values: [id],
    });
    return rows[0] && letterOfRow(rows[0]);
  }

  /** In the transaction that puts the message into the outbox again. False: somebody else did it before. */
  async markRedriven(tx: Sql, id: string, at: Date): Promise<boolean> {
    const { rowCount } = await tx.query({
      text: `update ${this.#table} set redriven_at = $2 where id = $1 and redriven_at is null`,
      values: [id, at],
    });
    return rowCount === 1;
  }
}

const storable = (text: string): string => text.replaceAll('\0', '\uFFFD');

function letterOfRow(row: Row): DeadLetter {
  return {
    id: row.id,
    topic: row.topic,
    group: row.group_name,
    ...(row.record_partition === null ? {} : { partition: row.record_partition }),
    ...(row.record_offset === null ? {} : { offset: Number(row.record_offset) }),
    ...(row.omitted_bytes === null ? {} : { omittedBytes: row.omitted_bytes }),
    key: row.key,
    headers: row.headers,
    body: row.body,
    errorCode: row.error_code,
    errorMessage: row.error_message,
    attempts: row.attempts,
    parkedAt: row.parked_at.toISOString(),
  };
}
