import { Type } from 'typebox';
import { defineRule } from './rule.js';
import { Text, holds, textOf } from './script-text.js';

/** The score where exactly the wanted share is reached; all words make 1. */
const ENOUGH = 0.8;

/** How many of a unit's words the text uses. */
export const vocabularyCoverage = defineRule({
  use: 'vocabulary-coverage',
  parameters: Type.Object({
    text: Text,
    words: Type.Array(Type.Union([Type.String(), Type.Object({ text: Type.String() })]), { minItems: 1 }),
    atLeast: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 0.5 }),
  }),
  judge: ({ text, words, atLeast }) => {
    const whole = textOf(text);
    const wanted = words.map((word) => (typeof word === 'string' ? word : word.text));
    const missing = wanted.filter((word) => !holds(whole, word));
    const share = 1 - missing.length / wanted.length;
    const score =
      share < atLeast
        ? (ENOUGH * share) / atLeast
        : atLeast === 1
          ? 1
          : ENOUGH + ((1 - ENOUGH) * (share - atLeast)) / (1 - atLeast);
    const used = `${wanted.length - missing.length} of ${wanted.length} words are used`;
    return {
      score,
      reason: missing.length === 0 ? `${used}.` : `${used}; not: ${missing.slice(0, 5).join(', ')}.`,
    };
  },
});
