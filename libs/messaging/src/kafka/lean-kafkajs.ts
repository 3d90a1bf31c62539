import { createRequire } from 'node:module';
import type * as KafkaJs from 'kafkajs';
import { decodeRecord, encodeRecord } from './lean-records.js';
import { quietRequestQueue } from './quiet-request-queue.js';
import { wakefulFetch } from './wakeful-fetch.js';

const require = createRequire(import.meta.url);

/** A module of kafkajs that is a function: replaced before anything of kafkajs that uses it is loaded. */
function replace(path: string, replacement: unknown): unknown {
  const shipped: unknown = require(path);
  const entry = require.cache[require.resolve(path)];
  if (entry === undefined) throw new Error(`${path} cannot be replaced: kafkajs was loaded in another way.`);
  entry.exports = replacement;
  return shipped;
}

const RECORD = 'kafkajs/src/protocol/recordBatch/record/v0';

/** The shipped codec, for the spec that compares. */
export const shippedRecords = {
  encode: replace(`${RECORD}/index.js`, encodeRecord) as (record: Parameters<typeof encodeRecord>[0]) => {
    readonly buffer: Buffer;
  },
  decode: replace(`${RECORD}/decoder.js`, decodeRecord) as (
    decoder: unknown,
    context: Parameters<typeof decodeRecord>[1],
  ) => ReturnType<typeof decodeRecord>,
};

quietRequestQueue();
wakefulFetch();

/** kafkajs 2.2.4 with our timers and our record codec. Nothing else may import the package's values. */
export const { Kafka, KafkaJSProtocolError, logLevel } = require('kafkajs') as typeof KafkaJs;
