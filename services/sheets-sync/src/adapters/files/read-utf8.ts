import { BlockFailure } from '@duofactory/block-kit';
import { isUtf8 } from 'node:buffer';

/** Bytes as text, piece by piece. Throws BlockFailure: `invalid-utf8` names byte and line, `too-large`. */
export async function* readUtf8(
  bytes: AsyncIterable<Uint8Array>,
  mostBytes: number,
): AsyncGenerator<string> {
  let carried: Buffer = Buffer.alloc(0);
  let offset = 0;
  let line = 1;
  let received = 0;
  for await (const piece of bytes) {
    received += piece.byteLength;
    if (received > mostBytes) throw tooLarge(mostBytes);
    const joined = carried.length > 0 ? Buffer.concat([carried, piece]) : Buffer.from(piece);
    const whole = joined.length - unfinishedTail(joined);
    carried = Buffer.from(joined.subarray(whole));
    const text = decode(joined.subarray(0, whole), offset, line);
    line += text.split('\n').length - 1;
    yield offset === 0 ? withoutMark(text) : text;
    offset += whole;
  }
  if (carried.length > 0) decode(carried, offset, line);
}

export const tooLarge = (mostBytes: number): BlockFailure =>
  new BlockFailure(
    'too-large',
    `The file is larger than ${mostBytes / 1024 / 1024} MB: split it into several tables`,
  );

const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

function decode(bytes: Buffer, offset: number, line: number): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const at = firstInvalid(bytes);
  const before = bytes.subarray(0, at).toString('utf8');
  const byte = bytes[at]!.toString(16).padStart(2, '0');
  throw new BlockFailure(
    'invalid-utf8',
    `The file is not UTF-8: byte 0x${byte} at offset ${offset + at}, line ${line + before.split('\n').length - 1}. Save it as UTF-8`,
  );
}

/** How many bytes at the end begin a character that goes on in the next piece. */
function unfinishedTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte >= 0xc0) return lengthFrom(byte) > back ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

const lengthFrom = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2);

/** Where the longest valid beginning ends. */
function firstInvalid(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const size = bytes[at]! < 0x80 ? 1 : lengthFrom(bytes[at]!);
    if (at + size > bytes.length || !isUtf8(bytes.subarray(at, at + size))) return at;
    at += size;
  }
  return at;
}
