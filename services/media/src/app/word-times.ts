import type { SpokenWord } from '@duofactory/contracts';

/** A stretch of text whose sound is timed; `index` is the first character in UTF-16 units. */
export interface TimedStretch {
  index: number;
  startMs: number;
  endMs: number;
}

/**
 * Times of the words of a text. Engines join words ("que c'est"), split them (numbers) or time none in between, so
 * the words are ours (Unicode's rules for the language) and share the time of the stretch that they begin in,
 * by their length. `stretches` are in order of time.
 */
export function wordTimes(text: string, language: string, stretches: readonly TimedStretch[]): SpokenWord[] {
  const words = [...new Intl.Segmenter(language, { granularity: 'word' }).segment(text)].filter(
    (s) => s.isWordLike,
  );
  const runs = mergeByText(stretches);
  if (runs.length === 0) return [];

  const wordsOfRun = runs.map((run, i) => {
    const from = i === 0 ? 0 : run.index;
    const until = runs[i + 1]?.index ?? text.length;

    return words.filter((word) => word.index >= from && word.index < until);
  });

  const timed: SpokenWord[] = [];
  runs.forEach((run, i) => {
    const inRun = wordsOfRun[i] ?? [];
    if (inRun.length === 0) {
      // The run is inside a word that began before: that word lasts until its end.
      const last = timed.at(-1);
      if (last) last.endMs = run.endMs;
      return;
    }

    timed.push(
      ...shareTime(
        inRun.map((word) => word.segment),
        run,
      ),
    );
  });

  return timed;
}

/** Several stretches at one place of the text (a number read as many words) are one run; text never goes backwards. */
function mergeByText(stretches: readonly TimedStretch[]): TimedStretch[] {
  const runs: TimedStretch[] = [];
  for (const stretch of stretches) {
    const last = runs.at(-1);
    if (last && stretch.index <= last.index) last.endMs = stretch.endMs;
    else runs.push({ ...stretch });
  }

  return runs;
}

function shareTime(texts: readonly string[], { startMs, endMs }: TimedStretch): SpokenWord[] {
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  let before = 0;

  return texts.map((text) => {
    const start = startMs + Math.round(((endMs - startMs) * before) / total);
    before += text.length;

    return { text, startMs: start, endMs: startMs + Math.round(((endMs - startMs) * before) / total) };
  });
}
