import { isUtf8 } from 'node:buffer';
import { Transform, type TransformCallback } from 'node:stream';
import { invalidSource } from '../sources/source-problems.js';

const NEWLINE = 0x0a;

/** Passes bytes on, whole lines at a time, as long as they are UTF-8 and not too long; else fails with the line that is not. */
export class Utf8Lines extends Transform {
  #rest: Buffer = Buffer.alloc(0);
  #line = 1;

  constructor(private readonly longestBytes: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    this.#rest = bytes.subarray(end);
    this.#pass(bytes.subarray(0, end), (error, passed) => {
      if (error || this.#rest.byteLength <= this.longestBytes) return done(error, passed);
      const megabytes = this.longestBytes / 1024 / 1024;
      done(
        invalidSource(
          'too-long-line',
          `Line ${this.#line} has more than ${megabytes} MB: lines end with a line feed`,
        ),
      );
    });
  }

  override _flush(done: TransformCallback): void {
    this.#pass(this.#rest, done);
  }

  #pass(bytes: Buffer, done: TransformCallback): void {
    if (!isText(bytes)) return done(this.#fault(bytes));
    for (const byte of bytes) if (byte === NEWLINE) this.#line += 1;
    done(null, bytes);
  }

  #fault(bytes: Buffer): Error {
    let line = this.#line;
    for (let start = 0; start < bytes.length; line += 1) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 ? bytes.length : newline;
      if (!isText(bytes.subarray(start, end))) break;
      start = end + 1;
    }
    return invalidSource(
      'invalid-utf8',
      `Line ${line} is not UTF-8: save the file as UTF-8 and send it again`,
    );
  }
}

/** Text of two bytes a character has many that are 0, and may look like UTF-8 otherwise. */
function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}
