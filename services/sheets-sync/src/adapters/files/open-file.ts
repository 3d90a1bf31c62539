import { BlockFailure } from '@duofactory/block-kit';
import type { RowSource } from '../../app/row-source.js';
import { DelimitedSource } from './delimited-source.js';
import { jsonLines, jsonRecords } from './json-records.js';
import { readUtf8 } from './read-utf8.js';
import { RecordsSource } from './records-source.js';

export const MOST_FILE_BYTES = 50 * 1024 * 1024;

const formats: Record<string, (text: AsyncIterable<string>) => RowSource> = {
  'text/csv': (text) => new DelimitedSource(text, ','),
  'text/tab-separated-values': (text) => new DelimitedSource(text, '\t'),
  'application/json': (text) => new RecordsSource(jsonRecords(text)),
  'application/x-ndjson': (text) => new RecordsSource(jsonLines(text)),
  'application/jsonl': (text) => new RecordsSource(jsonLines(text)),
};

export const FILE_MEDIA_TYPES = Object.keys(formats);

/** The rows of a file. Throws BlockFailure `unsupported-media-type`. */
export function openFile(
  bytes: AsyncIterable<Uint8Array>,
  mediaType: string,
  mostBytes = MOST_FILE_BYTES,
): RowSource {
  const plain = mediaType.split(';')[0]!.trim().toLowerCase();
  const open = Object.hasOwn(formats, plain) ? formats[plain] : undefined;
  if (!open) {
    throw new BlockFailure(
      'unsupported-media-type',
      `A table cannot be read from "${plain}": give ${FILE_MEDIA_TYPES.join(', ')}`,
    );
  }
  return open(readUtf8(bytes, mostBytes));
}
