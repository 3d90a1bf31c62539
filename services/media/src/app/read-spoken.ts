import { ObjectCorrupt, ObjectMissing, objectOfHash, type ObjectStore } from '@duofactory/objects';
import { Problem } from '@duofactory/platform';

/** Audio and peaks of what was spoken, by their hash. Other objects of the store are not for here. */
export class ReadSpoken {
  constructor(private readonly objects: ObjectStore) {}

  /** An Ogg or MP3 stream. Throws Problem `unknown-audio`, or the store's code where it is lost. */
  async audio(hash: string): Promise<{ bytes: Buffer; mediaType: string }> {
    const bytes = await this.#bytesOf(hash);
    const mediaType = bytes && mediaTypeOf(bytes);
    if (!mediaType) throw unknown('audio', hash);
    return { bytes, mediaType };
  }

  /** Throws Problem `unknown-peaks`. */
  async peaks(hash: string): Promise<number[]> {
    const bytes = await this.#bytesOf(hash);
    const peaks = bytes && numbersIn(bytes.toString());
    if (!peaks) throw unknown('peaks', hash);
    return peaks;
  }

  async #bytesOf(hash: string): Promise<Buffer | undefined> {
    try {
      const ref = { object: objectOfHash(hash), mediaType: 'application/octet-stream', sizeBytes: 0 };
      const bytes = await this.objects.get(ref);
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } catch (error) {
      if (error instanceof ObjectMissing) return undefined;
      if (!(error instanceof ObjectCorrupt)) throw error;
      throw new Problem({ status: 404, code: error.code, title: 'It is lost', detail: error.message });
    }
  }
}

/** By what a stream begins with: which files are ours to give out. */
function mediaTypeOf(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 4).toString('latin1') === 'OggS') return 'audio/ogg';
  return bytes[0] === 0xff && (bytes[1] ?? 0) >> 5 === 7 ? 'audio/mpeg' : undefined;
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
