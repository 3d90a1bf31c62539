/** Speech at this level is as loud as podcasts are; dBFS of the root mean square over frames that sound. */
const TARGET_DB = -20;
/** No sample above this: lossy encoding overshoots a little. */
const CEILING_DB = -1.5;
const FRAME_MS = 20;
/** Frames below this are pauses and do not count as speech. */
const GATE_DB = -45;
/** The gain begins to fall so long before a peak, and rises as long after it. */
const LOOK_AHEAD_MS = 5;

/** Brings a line to the common loudness: by one gain, which gives way around peaks that would pass the ceiling. */
export function levelLoudness(pcm: Int16Array, sampleRate: number): Int16Array {
  const loudness = activeRms(pcm, sampleRate);
  if (loudness === 0) return pcm;

  const gain = amplitude(TARGET_DB) / loudness;
  const ceiling = amplitude(CEILING_DB);
  const out = new Int16Array(pcm.length);
  let loudest = 0;
  for (let i = 0; i < pcm.length; i += 1) {
    const scaled = pcm[i]! * gain;
    const loud = scaled < 0 ? -scaled : scaled;
    if (loud > loudest) loudest = loud;
    out[i] = Math.round(scaled);
  }
  // Most lines have no peak that the gain has to give way to.
  if (loudest <= ceiling) return out;

  const limits = new Float64Array(pcm.length);
  for (let i = 0; i < pcm.length; i += 1) {
    const loud = Math.abs(pcm[i]!) * gain;
    limits[i] = loud > ceiling ? ceiling / loud : 1;
  }
  const reach = Math.max(1, Math.round((sampleRate * LOOK_AHEAD_MS) / 1000));
  const smooth = movingMean(movingMinimum(limits, reach), reach);
  for (let i = 0; i < pcm.length; i += 1) out[i] = Math.round(pcm[i]! * gain * smooth[i]!);

  return out;
}

/** Root mean square, 0 to 32,768, over the frames that sound; 0 if none does. */
export function activeRms(pcm: Int16Array, sampleRate: number): number {
  const gate = amplitude(GATE_DB) ** 2;
  let power = 0;
  let samples = 0;
  for (const { sum, length } of framesOf(pcm, sampleRate)) {
    if (sum / length < gate) continue;
    power += sum;
    samples += length;
  }

  return samples === 0 ? 0 : Math.sqrt(power / samples);
}

/** The longest stretch of frames that do not sound, in milliseconds. */
export function longestSilence(pcm: Int16Array, sampleRate: number): number {
  const gate = amplitude(GATE_DB) ** 2;
  let longest = 0;
  let silent = 0;
  for (const { sum, length } of framesOf(pcm, sampleRate)) {
    silent = sum / length < gate ? silent + length : 0;
    if (silent > longest) longest = silent;
  }

  return Math.round((longest * 1000) / sampleRate);
}

/** The sum of the squares of each frame. */
function* framesOf(pcm: Int16Array, sampleRate: number): Generator<{ sum: number; length: number }> {
  const frame = Math.max(1, Math.round((sampleRate * FRAME_MS) / 1000));
  for (let from = 0; from < pcm.length; from += frame) {
    const until = Math.min(from + frame, pcm.length);
    let sum = 0;
    for (let i = from; i < until; i += 1) sum += pcm[i]! * pcm[i]!;
    yield { sum, length: until - from };
  }
}

/** Decibels below full scale of an amplitude of 16 bits. */
export function decibels(level: number): number {
  return 20 * Math.log10(level / 32_768);
}

const amplitude = (db: number) => 32_768 * 10 ** (db / 20);

/** The least value from `reach` before to `reach` after each place. */
function movingMinimum(values: Float64Array, reach: number): Float64Array {
  const out = new Float64Array(values.length);
  // Places whose values rise, from `head` to before `tail`: the first one is the least of the window.
  const rising = new Int32Array(values.length);
  let head = 0;
  let tail = 0;
  for (let i = 0; i < values.length + reach; i += 1) {
    if (i < values.length) {
      while (tail > head && values[rising[tail - 1]!]! >= values[i]!) tail -= 1;
      rising[tail] = i;
      tail += 1;
    }
    const at = i - reach;
    if (at < 0) continue;
    while (rising[head]! < at - reach) head += 1;
    out[at] = values[rising[head]!]!;
  }

  return out;
}

/** Mean over the same window. Never above the ceiling's factor, since each place of the window has the minimum. */
function movingMean(values: Float64Array, reach: number): Float64Array {
  const out = new Float64Array(values.length);
  const last = values.length - 1;
  const width = 2 * reach + 1;
  let sum = 0;
  for (let i = -reach; i <= reach; i += 1) sum += values[Math.min(Math.max(i, 0), last)]!;
  for (let i = 0; i <= last; i += 1) {
    out[i] = sum / width;
    sum += values[Math.min(i + reach + 1, last)]! - values[Math.max(i - reach, 0)]!;
  }

  return out;
}
