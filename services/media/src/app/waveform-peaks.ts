/** Enough for a waveform as wide as a screen, at most one for each 50 ms. */
const MAX_PEAKS = 2_000;
const PEAK_MS = 50;

/** The loudest amplitude of each stretch of equal length, 0 to 1 with three decimals: what a player draws. */
export function waveformPeaks(pcm: Int16Array, sampleRate: number): number[] {
  const count = Math.max(1, Math.min(MAX_PEAKS, Math.ceil((pcm.length * 1000) / sampleRate / PEAK_MS)));
  const peaks: number[] = [];
  for (let i = 0; i < count; i += 1) {
    let loudest = 0;
    const until = Math.floor(((i + 1) * pcm.length) / count);
    for (let at = Math.floor((i * pcm.length) / count); at < until; at += 1) {
      const sample = pcm[at]!;
      const loud = sample < 0 ? -sample : sample;
      if (loud > loudest) loudest = loud;
    }
    peaks.push(Math.round((loudest / 32_768) * 1000) / 1000);
  }

  return peaks;
}
