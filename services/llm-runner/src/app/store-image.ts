import type { Ref } from '@duofactory/contracts';
import type { ObjectStore } from '@duofactory/objects';
import { Problem } from '@duofactory/platform';
import type { ImageSource } from './image-source.js';

/** How the bytes of each kind begin. Vendors take these and no others. */
const BEGINNINGS: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  'image/png': (bytes) => bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')),
  'image/jpeg': (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])),
  'image/gif': (bytes) => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6)),
  'image/webp': (bytes) =>
    bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
};
export const IMAGE_TYPES = Object.keys(BEGINNINGS);
const MOST_BYTES = 10_000_000;

/** Puts an image that a person brings into the object store: a prompt is tried with it. */
export class StoreImage {
  constructor(
    private readonly objects: ObjectStore,
    private readonly source: ImageSource,
  ) {}

  /** The image at an address. Throws Problem: nothing is there, it is no image, or it is too large. */
  async fetch(url: string, signal: AbortSignal): Promise<Ref> {
    const { contentType, body, close } = await this.source.open(url, signal);
    try {
      return await this.execute(contentType, body, 'url');
    } finally {
      close();
    }
  }

  /** Throws Problem: no image, or one that is too large. `field`: of the request, where it comes from. */
  async execute(
    contentType: string | undefined,
    body: AsyncIterable<Buffer>,
    field: 'body' | 'url' = 'body',
  ): Promise<Ref> {
    const refused = (status: number, code: string, message: string): Problem =>
      new Problem({
        ...{ status, code, title: 'The image is refused', detail: message },
        errors: [{ field, message }],
      });
    const mediaType = contentType?.split(';')[0]?.trim() ?? '';
    const isSuch = BEGINNINGS[mediaType];
    if (!isSuch)
      throw refused(
        415,
        'unknown-media-type',
        field === 'url'
          ? `There is ${mediaType || 'something unnamed'}, and no image: it must be ${IMAGE_TYPES.join(', ')}`
          : `Send an image as ${IMAGE_TYPES.join(', ')}, with its content-type`,
      );
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for await (const chunk of body) {
      sizeBytes += chunk.length;
      if (sizeBytes > MOST_BYTES)
        throw refused(
          413,
          'image-too-large',
          `An image has at most ${MOST_BYTES / 1_000_000} MB: make it smaller`,
        );
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    if (!isSuch(bytes)) throw refused(422, 'invalid-image', `What was sent is no ${mediaType}`);
    return this.objects.put(bytes, mediaType);
  }
}
