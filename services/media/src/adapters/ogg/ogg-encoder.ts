import { AudioEncoder, type EncodedAudio } from '../../app/audio-encoder.js';
import { CompiledEncoder } from '../wasm/compiled-encoder.js';
import { oggDurationMs } from './ogg-duration.js';

/** About 48 kbit/s for speech at 22,050 Hz. */
const VBR_QUALITY = 4;
/** A stream's number is random otherwise, and the same samples would make another object. */
const SERIAL = 1;

/** Ogg Vorbis by WebAssembly. */
export class OggEncoder extends AudioEncoder {
  readonly #encoder = new CompiledEncoder('audio/ogg', 'wasm/ogg');

  async encode(pcm: Int16Array, sampleRate: number, signal: AbortSignal): Promise<EncodedAudio> {
    const parameters = { channels: 1, sampleRate, vbrQuality: VBR_QUALITY, oggSerialNo: SERIAL } as const;
    const bytes = await this.#encoder.encode(pcm, parameters, signal);

    return {
      ...{ bytes, mediaType: 'audio/ogg', durationMs: oggDurationMs(bytes) },
      ...{ delaySamples: 0, frameSamples: 0 },
    };
  }
}
