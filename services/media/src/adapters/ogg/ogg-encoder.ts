import { setImmediate } from 'node:timers/promises';
import { createOggEncoder } from 'wasm-media-encoders';
import { AudioEncoder, type EncodedAudio } from '../../app/audio-encoder.js';
import { oggDurationMs } from './ogg-duration.js';

/** About 48 kbit/s for speech at 22,050 Hz. */
const VBR_QUALITY = 4;
/** A stream's number is random otherwise, and the same samples would make another object. */
const SERIAL = 1;

/** Ogg Vorbis by WebAssembly. Encodes second by second, so that others get their turns in between. */
export class OggEncoder extends AudioEncoder {
  async encode(pcm: Int16Array, sampleRate: number, signal: AbortSignal): Promise<EncodedAudio> {
    const encoder = await createOggEncoder();
    encoder.configure({ channels: 1, sampleRate, vbrQuality: VBR_QUALITY, oggSerialNo: SERIAL });

    const chunks: Uint8Array[] = [];
    for (let from = 0; from < pcm.length; from += sampleRate) {
      signal.throwIfAborted();
      const samples = Float32Array.from(pcm.subarray(from, from + sampleRate), (sample) => sample / 32_768);
      // The encoder owns what it returns and overwrites it.
      chunks.push(encoder.encode([samples]).slice());
      await setImmediate();
    }
    chunks.push(encoder.finalize().slice());
    const bytes = new Uint8Array(Buffer.concat(chunks));

    return {
      ...{ bytes, mediaType: 'audio/ogg', durationMs: oggDurationMs(bytes) },
      ...{ delaySamples: 0, frameSamples: 0 },
    };
  }
}
