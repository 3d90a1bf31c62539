import { Type } from 'typebox';
import { defineRule } from './rule.js';
import { Text, textOf, wordsOf } from './script-text.js';

/** Has the text between so many and so many words? */
export const length = defineRule({
  use: 'length',
  parameters: Type.Object({
    text: Text,
    min: Type.Integer({ minimum: 0, default: 0 }),
    max: Type.Integer({ minimum: 1 }),
  }),
  judge: ({ text, min, max }) => {
    const words = wordsOf(textOf(text)).length;
    const off = Math.max(0, min - words, words - max);
    return {
      score: Math.max(0, 1 - off / max),
      reason: `It has ${words} words; ${min} to ${max} are wanted.`,
    };
  },
});
