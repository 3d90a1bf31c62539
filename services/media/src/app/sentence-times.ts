import type { SpokenSentence, SpokenWord } from '@duofactory/contracts';

/** Where in the text (in UTF-16 units) an engine began a sentence, and when. */
export interface SentenceStart {
  index: number;
  startMs: number;
}

/**
 * Times of the sentences of a text: from the engine's mark, or the first word, to the end of the last word. As the words,
 * the sentences are ours (Unicode's rules for the language), since engines part texts in ways of their own, and a text
 * over a limit anywhere. `words` are those of `wordTimes` for the same text; what has none is in no sentence.
 */
export function sentenceTimes(
  text: string,
  {
    language,
    words,
    starts = [],
  }: { language: string; words: readonly SpokenWord[]; starts?: readonly SentenceStart[] },
): SpokenSentence[] {
  if (words.length === 0) return [];
  const indices = [...new Intl.Segmenter(language, { granularity: 'word' }).segment(text)]
    .filter((segment) => segment.isWordLike)
    .map(({ index }) => index);

  const sentences: SpokenSentence[] = [];
  let word = 0;
  let lastEndMs = 0;
  for (const { segment, index } of new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text)) {
    const behind = index + segment.length;
    const first = word;
    while (word < words.length && (indices[word] ?? behind) < behind) word += 1;
    const [firstWord, lastWord] = [words[first], words[word - 1]];
    if (word === first || !firstWord || !lastWord) continue;
    const mark = starts.find((start) => start.index >= index && start.index < behind);
    // A mark that lies after its first word or before the sentence above is none.
    const startMs = Math.max(lastEndMs, Math.min(firstWord.startMs, mark?.startMs ?? firstWord.startMs));
    lastEndMs = lastWord.endMs;
    sentences.push({ text: segment.trim(), startMs, endMs: lastEndMs });
  }

  return sentences;
}
