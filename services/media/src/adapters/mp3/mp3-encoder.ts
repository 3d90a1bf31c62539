import { AudioEncoder, type EncodedAudio } from '../../app/audio-encoder.js';
import { CompiledEncoder } from '../wasm/compiled-encoder.js';
import { mp3Frames } from './mp3-frames.js';

const KBITS_A_SECOND = 64;
/**
 * LAME begins 576 samples late, and every decoder another 529. The stream says nothing of it (there is no gapless tag),
 * so players cannot leave it out.
 */
const DELAY_SAMPLES = 576 + 529;

/** MP3 by LAME as WebAssembly, for players that know nothing else. */
export class Mp3Encoder extends AudioEncoder {
  readonly #encoder = new CompiledEncoder('audio/mpeg', 'wasm/mp3');

  async encode(pcm: Int16Array, sampleRate: number, signal: AbortSignal): Promise<EncodedAudio> {
    const parameters = { channels: 1, sampleRate: rateOf(sampleRate), bitrate: KBITS_A_SECOND } as const;
    const bytes = await this.#encoder.encode(pcm, parameters, signal);
    const { count, samples } = mp3Frames(bytes);

    return {
      ...{ bytes, mediaType: 'audio/mpeg', durationMs: Math.floor((count * samples * 1000) / sampleRate) },
      ...{ delaySamples: DELAY_SAMPLES, frameSamples: samples },
    };
  }
}

const RATES = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] as const;

function rateOf(sampleRate: number): (typeof RATES)[number] {
  const rate = RATES.find((one) => one === sampleRate);
  if (rate === undefined) throw new Error(`MP3 has no rate of ${sampleRate} samples a second.`);

  return rate;
}
