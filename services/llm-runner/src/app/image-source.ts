export interface OpenedImage {
  readonly contentType: string | undefined;
  readonly body: AsyncIterable<Buffer>;
  /** Nothing more of it is wanted. */
  readonly close: () => void;
}

/** Where images are that a person names by their address. */
export abstract class ImageSource {
  /** What the address answers, as it comes. Throws Problem: an address that is not asked, or one that has no image. */
  abstract open(url: string, signal: AbortSignal): Promise<OpenedImage>;
}
