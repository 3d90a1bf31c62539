export interface EncodedAudio {
  bytes: Uint8Array;
  mediaType: string;
  /** As the encoded stream itself says, so that it can be compared with what went in. */
  durationMs: number;
  /** Silence that a decoder gives before the first sample. All that was timed is heard so much later. */
  delaySamples: number;
  /** The last frame may be filled up with silence. */
  frameSamples: number;
}

/** Makes a file that one can play. The same samples give the same bytes. */
export abstract class AudioEncoder {
  abstract encode(pcm: Int16Array, sampleRate: number, signal: AbortSignal): Promise<EncodedAudio>;
}
