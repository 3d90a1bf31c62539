import { ObjectMissing, type ObjectStore } from '@duofactory/objects';
import { Problem } from '@duofactory/platform';

/** Begins each Ogg stream. */
const OGG = 'OggS';

/** Audio and peaks of what was spoken, by their hash. Other objects of the store are not for here. */
export class ReadSpoken {
  constructor(private readonly objects: ObjectStore) {}

  /** An Ogg stream. Throws Problem `unknown-audio`. */
  async audio(hash: string): Promise<Buffer> {
    const bytes = await this.#bytesOf(hash, 'audio/ogg');
    if (bytes?.subarray(0, OGG.length).toString('latin1') !== OGG) throw unknown('audio', hash);
    return bytes;
  }

  /** Throws Problem `unknown-peaks`. */
  async peaks(hash: string): Promise<number[]> {
    const bytes = await this.#bytesOf(hash, 'application/json');
    const peaks = bytes && numbersIn(bytes.toString());
    if (!peaks) throw unknown('peaks', hash);
    return peaks;
  }

  async #bytesOf(hash: string, mediaType: string): Promise<Buffer | undefined> {
    try {
      const ref = { object: `sha256/${hash.slice(0, 2)}/${hash}`, mediaType, sizeBytes: 0 };
      const bytes = await this.objects.get(ref);
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } catch (error) {
      if (error instanceof ObjectMissing) return undefined;
      throw error;
    }
  }
}

function numbersIn(text: string): number[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isNumbers(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');

function unknown(what: 'audio' | 'peaks', hash: string): Problem {
  return new Problem({
    status: 404,
    code: `unknown-${what}`,
    title: `Unknown ${what}`,
    detail: `No ${what} of this hash is kept: ${hash}. Take it from a result of a speech block`,
  });
}
