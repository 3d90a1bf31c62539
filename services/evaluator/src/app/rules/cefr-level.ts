import { Type } from 'typebox';
import { defineRule } from './rule.js';
import { Text, sentencesOf, wordsOf } from './script-text.js';

/** Words in a sentence that a learner can follow by ear, and letters in a word that are not yet long. */
const LIMITS: Record<string, { words: number; letters: number }> = {
  A1: { words: 10, letters: 11 },
  A2: { words: 14, letters: 12 },
  B1: { words: 20, letters: 14 },
  B2: { words: 28, letters: 16 },
  C1: { words: 40, letters: 20 },
  C2: { words: 60, letters: 30 },
};

/** Are sentences and words as short as the level allows? It knows nothing of grammar or rare words. */
export const cefrLevel = defineRule({
  use: 'cefr-level',
  parameters: Type.Object({
    text: Text,
    language: Type.String(),
    level: Type.Enum(['A1', 'A2', 'B1', 'B2', 'C1', 'C2']),
  }),
  judge: ({ text, level }) => {
    const limit = LIMITS[level]!;
    const sentences = sentencesOf(text);
    const long = sentences.filter((sentence) => wordsOf(sentence).length > limit.words);
    const words = sentences.flatMap(wordsOf);
    const hard = words.filter((word) => word.length > limit.letters);
    const score = Math.max(
      0,
      1 - long.length / Math.max(1, sentences.length) - (3 * hard.length) / Math.max(1, words.length),
    );
    if (long.length > 0) return { score, reason: `Too long for ${level}: "${long[0]}"` };
    if (hard.length > 0) return { score, reason: `Long words for ${level}: ${hard.slice(0, 3).join(', ')}.` };
    return { score, reason: `Sentences and words are short enough for ${level}.` };
  },
});
