import { Type } from 'typebox';
import { defineRule } from './rule.js';
import { Text, holds, textOf } from './script-text.js';

/** Does the text have none of these words? */
export const bannedWords = defineRule({
  use: 'banned-words',
  parameters: Type.Object({ text: Text, words: Type.Array(Type.String(), { minItems: 1 }) }),
  judge: ({ text, words }) => {
    const whole = textOf(text);
    const found = words.filter((word) => holds(whole, word));
    return found.length === 0
      ? { score: 1, reason: 'It has none of the banned words.' }
      : { score: 0, reason: `It has ${found.slice(0, 5).join(', ')}.` };
  },
});
