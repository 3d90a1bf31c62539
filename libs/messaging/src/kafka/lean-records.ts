import type { Message } from 'kafkajs';

/**
 * Record codec of Kafka's message format 2, for kafkajs 2.2.4: its own makes some ten buffers a record and spends most
 * of a busy process's time on them. Same bytes, same fields; but header values come as text instead of buffers.
 */
interface RecordInput {
  readonly offsetDelta?: number;
  readonly timestampDelta?: number;
  readonly key?: Message['key'];
  readonly value: Message['value'];
  readonly headers?: Message['headers'];
}

/** What kafkajs takes for one of its encoders. */
interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

type Bytes = Buffer | string | null | undefined;

export function encodeRecord({
  offsetDelta = 0,
  timestampDelta = 0,
  key,
  value,
  headers = {},
}: RecordInput): Encoded {
  let headerCount = 0;
  let headersSize = 0;
  for (const name in headers) {
    const keySize = Buffer.byteLength(name);
    for (const entry of valuesOf(headers[name])) {
      headerCount += 1;
      headersSize += varintSize(keySize) + keySize + sizeOfBytes(entry);
    }
  }
  // Milliseconds within one batch: 32 bits are 24 days.
  const bodySize =
    1 +
    varintSize(timestampDelta) +
    varintSize(offsetDelta) +
    sizeOfBytes(key) +
    sizeOfBytes(value) +
    varintSize(headerCount) +
    headersSize;

  const buffer = Buffer.allocUnsafe(varintSize(bodySize) + bodySize);
  let at = writeVarint(buffer, 0, bodySize);
  buffer[at++] = 0;
  at = writeVarint(buffer, at, timestampDelta);
  at = writeVarint(buffer, at, offsetDelta);
  at = writeBytes(buffer, at, key);
  at = writeBytes(buffer, at, value);
  at = writeVarint(buffer, at, headerCount);
  for (const name in headers) {
    for (const entry of valuesOf(headers[name])) {
      at = writeBytes(buffer, at, name);
      at = writeBytes(buffer, at, entry);
    }
  }
  return { buf: buffer, buffer };
}

interface BatchContext {
  readonly firstOffset?: string;
  readonly firstTimestamp?: string;
  readonly magicByte?: number;
  readonly isControlBatch?: boolean;
  readonly timestampType?: number;
  readonly maxTimestamp?: string;
}

const LOG_APPEND_TIME = 1;

export function decodeRecord(decoder: { readonly buffer: Buffer }, batchContext: BatchContext = {}) {
  const cursor = new Cursor(decoder.buffer);
  const attributes = cursor.int8();
  const timestampDelta = cursor.varlong();
  const offsetDelta = cursor.varint();
  const key = cursor.bytes();
  const value = cursor.bytes();
  const headers: Record<string, string | string[]> = {};
  for (let left = cursor.varint(); left > 0; left -= 1) {
    const name = cursor.text() ?? '';
    const text = cursor.text() ?? '';
    // kafkajs's own takes a header called `constructor` for one that it has.
    const known = Object.hasOwn(headers, name) ? headers[name] : undefined;
    headers[name] = known === undefined ? text : [known, text].flat();
  }
  const { firstOffset = '0', firstTimestamp = '0', timestampType, maxTimestamp } = batchContext;
  return {
    magicByte: batchContext.magicByte,
    attributes,
    timestamp:
      timestampType === LOG_APPEND_TIME && maxTimestamp
        ? maxTimestamp
        : String(Number(firstTimestamp) + timestampDelta),
    offset: String(Number(firstOffset) + offsetDelta),
    key,
    value,
    headers,
    isControlRecord: batchContext.isControlBatch ?? false,
    batchContext,
  };
}

class Cursor {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  int8(): number {
    const value = this.#buffer.readInt8(this.#at);
    this.#at += 1;
    return value;
  }

  varint(): number {
    let zigzag = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = this.#buffer[this.#at++]!;
      zigzag |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte > 0x7f);
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  /** Up to 2^53: differences of timestamps. */
  varlong(): number {
    let zigzag = 0;
    let factor = 1;
    let byte: number;
    do {
      byte = this.#buffer[this.#at++]!;
      zigzag += (byte & 0x7f) * factor;
      factor *= 128;
    } while (byte > 0x7f);
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    const start = this.#at;
    this.#at += length;
    return this.#buffer.subarray(start, this.#at);
  }

  text(): string | null {
    const length = this.varint();
    if (length < 0) return null;
    const start = this.#at;
    this.#at += length;
    return this.#buffer.toString('utf8', start, this.#at);
  }
}

function valuesOf(entry: Bytes | (Buffer | string)[]): readonly Bytes[] {
  return Array.isArray(entry) ? entry : [entry];
}

function varintSize(value: number): number {
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  let size = 1;
  while (zigzag > 0x7f) {
    zigzag >>>= 7;
    size += 1;
  }
  return size;
}

function sizeOfBytes(value: Bytes): number {
  if (value === null || value === undefined) return 1;
  const size = Buffer.byteLength(value);
  return varintSize(size) + size;
}

function writeVarint(buffer: Buffer, at: number, value: number): number {
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  while (zigzag > 0x7f) {
    buffer[at++] = (zigzag & 0x7f) | 0x80;
    zigzag >>>= 7;
  }
  buffer[at++] = zigzag;
  return at;
}

function writeBytes(buffer: Buffer, at: number, value: Bytes): number {
  if (value === null || value === undefined) return writeVarint(buffer, at, -1);
  if (typeof value === 'string') {
    const start = writeVarint(buffer, at, Buffer.byteLength(value));
    return start + buffer.write(value, start, 'utf8');
  }
  const start = writeVarint(buffer, at, value.length);
  value.copy(buffer, start);
  return start + value.length;
}
