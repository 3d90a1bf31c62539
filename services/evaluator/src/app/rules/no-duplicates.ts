import { Type } from 'typebox';
import { defineRule } from './rule.js';

/** Is nothing in the list twice? Of lines the text counts, whoever says it. */
export const noDuplicates = defineRule({
  use: 'no-duplicates',
  parameters: Type.Object({ items: Type.Array(Type.Unknown(), { minItems: 1 }) }),
  judge: ({ items }) => {
    const texts = items.map((item) => {
      const text = (item as { text?: unknown } | null)?.text;
      return (typeof text === 'string' ? text : JSON.stringify(item)).trim().toLocaleLowerCase();
    });
    const different = new Set(texts).size;
    const twice = texts.find((text, i) => texts.indexOf(text) !== i);
    return {
      score: Math.max(0, 1 - (2 * (texts.length - different)) / texts.length),
      reason: twice === undefined ? 'Nothing is said twice.' : `"${twice}" is there more than once.`,
    };
  },
});
