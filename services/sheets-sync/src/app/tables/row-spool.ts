import { Problem } from '@duofactory/platform';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const ROWS_AT_ONCE = 1000;
const BYTES_AT_ONCE = 4 * 1024 * 1024;

/** What all spools of this process may take of a folder together. */
export class SpoolRoom {
  #usedBytes = 0;

  constructor(
    readonly folder: string,
    private readonly mostBytes: number,
  ) {}

  /** `before`: what the same spool has already. Throws Problem `too-large` or `no-room`. */
  take(bytes: number, before: number): void {
    if (before + bytes > this.mostBytes)
      throw new Problem({
        status: 413,
        code: 'too-large',
        title: 'The source is too large',
        detail: `Its rows take more than ${megabytes(this.mostBytes)} MB: send it in parts, or raise DUOFACTORY_UPLOAD_MB`,
      });
    if (this.#usedBytes + bytes > this.mostBytes) throw noRoom(`${megabytes(this.mostBytes)} MB are taken`);
    this.#usedBytes += bytes;
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}

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

  #bytes = 0;

  private constructor(
    private readonly file: FileHandle,
    private readonly room: SpoolRoom,
  ) {}

  static async open(room: SpoolRoom): Promise<RowSpool> {
    const own = await mkdtemp(join(room.folder, 'duofactory-rows-'));
    try {
      return new RowSpool(await open(join(own, 'rows'), 'wx+', 0o600), room);
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  }

  /** `json`: of one row, without line feeds, as JSON.stringify makes it. Throws Problem where there is no room for more. */
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

  async close(): Promise<void> {
    this.room.giveBack(this.#bytes);
    this.#bytes = 0;
    await this.file.close();
  }

  async #write(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const batch = Buffer.from(this.#waiting.join('\n'));
    this.room.take(batch.byteLength, this.#bytes);
    this.#bytes += batch.byteLength;
    await this.file.appendFile(batch).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      throw code === 'ENOSPC' || code === 'EDQUOT' ? noRoom('its disk is full', error) : error;
    });
    this.#batches.push(batch.byteLength);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

function noRoom(why: string, cause?: unknown): Problem {
  return new Problem(
    {
      status: 507,
      code: 'no-room',
      title: 'There is no room for the source now',
      detail: `The folder for rows that are being read has no room (${why}): send it again when other uploads have ended, or raise DUOFACTORY_UPLOAD_MB`,
    },
    { cause },
  );
}

function megabytes(bytes: number): number {
  return bytes / 1024 / 1024;
}
