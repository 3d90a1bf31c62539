import { Type } from 'typebox';
import { defineRule } from './rule.js';
import { Text, sentencesOf, wordsOf } from './script-text.js';

const LEVELS = ['A1', 'A2', 'B1', 'B2', 'C1', 'C2'] as const;
type Level = (typeof LEVELS)[number];

/** Words in a sentence that a learner can follow by ear, and letters in a word that are not yet long. */
const LIMITS: Record<Level, { words: number; letters: number }> = {
  A1: { words: 10, letters: 11 },
  A2: { words: 14, letters: 12 },
  B1: { words: 20, letters: 14 },
  B2: { words: 28, letters: 16 },
  C1: { words: 40, letters: 20 },
  C2: { words: 60, letters: 30 },
};

const List = Type.Optional(Type.Array(Type.String()));

/**
 * Are sentences short enough for the level, and words of it? By word lists where they are given: a word is hard that no
 * list up to the level has. Else by its length. It knows nothing of grammar.
 */
export const cefrLevel = defineRule({
  use: 'cefr-level',
  parameters: Type.Object({
    text: Text,
    language: Type.String(),
    level: Type.Enum([...LEVELS]),
    /** By level, the words that are new there; those of levels below count, too. */
    lists: Type.Optional(
      Type.Object(
        { A1: List, A2: List, B1: List, B2: List, C1: List, C2: List },
        { additionalProperties: false },
      ),
    ),
    /** Words that no level has and that are none too hard: names, the unit's own. */
    known: List,
  }),
  judge: ({ text, level, lists, known = [] }) => {
    const limit = LIMITS[level];
    const sentences = sentencesOf(text);
    const long = sentences.filter((sentence) => wordsOf(sentence).length > limit.words);
    const words = sentences.flatMap(wordsOf);
    const hard = lists
      ? above(words, level, lists, known)
      : words.filter((word) => word.length > limit.letters);
    const score = Math.max(
      0,
      1 - long.length / Math.max(1, sentences.length) - (3 * hard.length) / Math.max(1, words.length),
    );
    if (long.length > 0) return { score, reason: `Too long for ${level}: "${long[0]}"` };
    if (hard.length > 0) {
      const which = [...new Set(hard)].slice(0, 3).join(', ');
      return {
        score,
        reason: lists ? `Words above ${level}: ${which}.` : `Long words for ${level}: ${which}.`,
      };
    }
    return { score, reason: `Sentences and words are ${lists ? 'of' : 'short enough for'} ${level}.` };
  },
});

function above(
  words: readonly string[],
  level: Level,
  lists: Partial<Record<Level, readonly string[]>>,
  known: readonly string[],
): string[] {
  const upTo = LEVELS.slice(0, LEVELS.indexOf(level) + 1).flatMap((one) => lists[one] ?? []);
  const fine = new Set([...upTo, ...known].flatMap(wordsOf));
  return words.filter((word) => !fine.has(word) && !/^\p{N}+$/u.test(word));
}
