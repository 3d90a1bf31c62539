const VERSIONS = [2.5, undefined, 2, 1] as const;
/** kbit/s of layer III, by the index in the header. */
const BITRATES = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const RATES = {
  1: [44_100, 48_000, 32_000],
  2: [22_050, 24_000, 16_000],
  2.5: [11_025, 12_000, 8_000],
} as const;

export interface Mp3Frames {
  readonly count: number;
  /** Of one. */
  readonly samples: number;
  readonly sampleRate: number;
}

/** Counts the frames of an MP3 stream (ISO 11172-3, 13818-3). Throws if they do not follow each other to the last byte. */
export function mp3Frames(bytes: Uint8Array): Mp3Frames {
  let count = 0;
  let frames: Omit<Mp3Frames, 'count'> | undefined;
  for (let at = 0; at < bytes.length; count += 1) {
    const { sizeBytes, ...of } = frameAt(bytes, at);
    frames = of;
    at += sizeBytes;
    if (at > bytes.length) throw new Error(`The MP3 frame before byte ${at} is cut off.`);
  }
  if (!frames) throw new Error('There is no MP3 frame.');

  return { count, ...frames };
}

function frameAt(bytes: Uint8Array, at: number): Omit<Mp3Frames, 'count'> & { sizeBytes: number } {
  const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
  const version = VERSIONS[(second >> 3) & 3];
  const isLayer3 = ((second >> 1) & 3) === 1;
  const bitrate = version && BITRATES[version === 1 ? 1 : 2][third >> 4];
  const sampleRate = version && RATES[version][(third >> 2) & 3];
  if (first !== 0xff || second >> 5 !== 7 || !isLayer3 || !bitrate || !sampleRate)
    throw new Error(`No MP3 frame begins at byte ${at}.`);
  const samples = version === 1 ? 1152 : 576;
  const padding = (third >> 1) & 1;

  return {
    samples,
    sampleRate,
    sizeBytes: Math.floor((samples / 8) * ((bitrate * 1000) / sampleRate)) + padding,
  };
}
