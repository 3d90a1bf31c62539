import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const ROWS_AT_ONCE = 1000;
const BYTES_AT_ONCE = 4 * 1024 * 1024;

/**
 * Rows on disk while their source is read, as slowly as it comes: in memory is no more than one batch. The file has no
 * name from the beginning on, so that nothing of it stays, however the process ends.
 */
export class RowSpool {
  /** How many bytes each has. */
  readonly #batches: number[] = [];
  #waiting: string[] = [];
  #waitingBytes = 0;
  /** How many were added. */
  rows = 0;

  private constructor(private readonly file: FileHandle) {}

  static async open(folder: string): Promise<RowSpool> {
    const own = await mkdtemp(join(folder, 'duofactory-rows-'));
    try {
      return new RowSpool(await open(join(own, 'rows'), 'wx+', 0o600));
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  }

  /** `json`: of one row, without line feeds, as JSON.stringify makes it. */
  async add(json: string): Promise<void> {
    this.rows += 1;
    this.#waiting.push(json);
    this.#waitingBytes += Buffer.byteLength(json);
    if (this.#waiting.length >= ROWS_AT_ONCE || this.#waitingBytes >= BYTES_AT_ONCE) await this.#write();
  }

  /** All of them in their order, so many at once as one statement takes well. */
  async *batches(): AsyncIterable<string[]> {
    await this.#write();
    let position = 0;
    for (const bytes of this.#batches) {
      const batch = Buffer.allocUnsafe(bytes);
      for (let read = 0; read < bytes;) {
        const { bytesRead } = await this.file.read(batch, read, bytes - read, position + read);
        if (bytesRead === 0) throw new Error(`The spool of rows ends after ${position + read} bytes`);
        read += bytesRead;
      }
      yield batch.toString().split('\n');
      position += bytes;
    }
  }

  close(): Promise<void> {
    return this.file.close();
  }

  async #write(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const batch = Buffer.from(this.#waiting.join('\n'));
    await this.file.appendFile(batch);
    this.#batches.push(batch.byteLength);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}
