import { describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { shippedRecords } from './lean-kafkajs.js';
import { decodeRecord, encodeRecord } from './lean-records.js';

const require = createRequire(import.meta.url);
const Decoder = require('kafkajs/src/protocol/decoder.js') as new (buffer: Buffer) => {
  readonly buffer: Buffer;
  readVarIntBytes(): Buffer;
};

const text = fc.string({ unit: 'binary' });
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const record = fc.record({
  offsetDelta: fc.nat(),
  timestampDelta: fc.nat(2 ** 30),
  key: fc.oneof(text, bytes, fc.constant(null)),
  value: fc.oneof(text, bytes, fc.constant(null)),
  headers: fc.dictionary(
    text.filter((name) => !(name in Object.prototype)),
    fc.oneof(text, bytes, fc.array(text, { minLength: 1, maxLength: 3 })),
    {
      noNullPrototype: true,
    },
  ),
});
const context = {
  firstOffset: '123456789012',
  firstTimestamp: '1767225600000',
  magicByte: 2,
  timestampType: 0,
};

describe('the lean record codec', () => {
  it('is what kafkajs uses', () => {
    expect(require('kafkajs/src/protocol/recordBatch/record/v0/index.js')).toBe(encodeRecord);
    expect(require('kafkajs/src/protocol/recordBatch/record/v0/decoder.js')).toBe(decodeRecord);
  });

  it('writes the bytes of the shipped one', () => {
    fc.assert(
      fc.property(record, (input) => {
        expect(encodeRecord(input).buffer.toString('hex')).toBe(
          shippedRecords.encode(input).buffer.toString('hex'),
        );
      }),
    );
  });

  it('reads what the shipped one reads, header values as text', () => {
    fc.assert(
      fc.property(record, (input) => {
        const body = new Decoder(shippedRecords.encode(input).buffer).readVarIntBytes();
        const theirs = shippedRecords.decode(new Decoder(body), context);
        const headers = Object.fromEntries(
          Object.entries(theirs.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.map(String) : String(value),
          ]),
        );

        expect(decodeRecord(new Decoder(body), context)).toEqual({
          ...theirs,
          isControlRecord: false,
          headers,
        });
      }),
    );
  });
});
