import { uuidFrom } from '@duofactory/contracts';
import type { DeadLetter } from '../dead-letter.js';
import type { Headers } from '../envelope.js';
import { codeOf, messageOf } from '../failure.js';

/** A record as it lies in Kafka. */
export interface RawRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
}

// The original headers stay as they are; what we know about the failure goes beside them.
const ID = 'df_id';
const TOPIC = 'df_topic';
const PARTITION = 'df_partition';
const OFFSET = 'df_offset';
const GROUP = 'df_group';
const CODE = 'df_error_code';
const MESSAGE = 'df_error_message';
const ATTEMPTS = 'df_attempts';
const PARKED_AT = 'df_parked_at';
const OMITTED = 'df_omitted_bytes';
const OURS = new Set([ID, TOPIC, PARTITION, OFFSET, GROUP, CODE, MESSAGE, ATTEMPTS, PARKED_AT, OMITTED]);

export function letterFromFailure(input: {
  readonly record: RawRecord;
  readonly group: string;
  readonly error: unknown;
  readonly attempts: number;
}): DeadLetter {
  const { record, group, error, attempts } = input;
  return {
    id: uuidFrom('dead-letter', group, record.topic, record.partition, record.offset),
    topic: record.topic,
    group,
    partition: record.partition,
    offset: record.offset,
    key: record.key?.toString('utf8') ?? '',
    headers: record.headers,
    body: record.value ?? Buffer.alloc(0),
    errorCode: codeOf(error),
    errorMessage: messageOf(error),
    attempts,
    parkedAt: new Date().toISOString(),
  };
}

export function writeLetterHeaders(letter: DeadLetter): Record<string, string> {
  return {
    ...letter.headers,
    [ID]: letter.id,
    [TOPIC]: letter.topic,
    ...(letter.partition !== undefined && { [PARTITION]: String(letter.partition) }),
    ...(letter.offset !== undefined && { [OFFSET]: String(letter.offset) }),
    ...(letter.omittedBytes !== undefined && { [OMITTED]: String(letter.omittedBytes) }),
    [GROUP]: letter.group,
    [CODE]: letter.errorCode,
    [MESSAGE]: letter.errorMessage.slice(0, 2000),
    [ATTEMPTS]: String(letter.attempts),
    [PARKED_AT]: letter.parkedAt,
  };
}

export function readLetter(record: RawRecord): DeadLetter {
  const { headers } = record;
  return {
    id: headers[ID] ?? uuidFrom('dead-letter', record.topic, record.partition, record.offset),
    topic: headers[TOPIC] ?? '',
    group: headers[GROUP] ?? '',
    ...numberIn(headers, PARTITION, 'partition'),
    ...numberIn(headers, OFFSET, 'offset'),
    ...numberIn(headers, OMITTED, 'omittedBytes'),
    key: record.key?.toString('utf8') ?? '',
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !OURS.has(name))),
    body: record.value ?? Buffer.alloc(0),
    errorCode: headers[CODE] ?? 'unknown',
    errorMessage: headers[MESSAGE] ?? '',
    attempts: Number(headers[ATTEMPTS] ?? 0),
    parkedAt: headers[PARKED_AT] ?? new Date(0).toISOString(),
  };
}

function numberIn<N extends string>(headers: Headers, name: string, as: N): { [K in N]?: number } {
  const text = headers[name];
  return text === undefined ? {} : ({ [as]: Number(text) } as { [K in N]?: number });
}
