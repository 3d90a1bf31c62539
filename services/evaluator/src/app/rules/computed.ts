import { Type } from 'typebox';
import { BlockFailure } from '@duofactory/block-kit';
import { defineRule } from './rule.js';
import { Text, textOf } from './script-text.js';

/**
 * Whether `text` matches, as JSONata. It finds the end of an expression by counting brackets, also those that stand for
 * themselves: they are escaped for it, and so are slashes.
 */
export const patternExpression = (pattern: string): string => `$contains(text, /${readable(pattern)}/)`;

const READ_ALIKE = new Map([
  ['/', '\\x2f'],
  ['\\/', '\\x2f'],
  ['\\\\', '\\x5c'],
]);

function readable(pattern: string): string {
  let inClass = false;
  // A character with the backslash before it is one; without `u` all else may be taken by itself.
  return pattern.replaceAll(/\\?[^]/g, (read) => {
    if (inClass && '[(){}'.includes(read)) return `\\${read}`;
    if (read === '[') inClass = true;
    if (read === ']') inClass = false;
    return READ_ALIKE.get(read) ?? read;
  });
}

/** Does a regular expression match? It runs where it can be ended: some take for ever. */
export const matches = defineRule({
  use: 'matches',
  parameters: Type.Object({ text: Text, pattern: Type.String({ minLength: 1, maxLength: 500 }) }),
  judge: async ({ text, pattern }, { expressions, signal }) => {
    const [found] = await expressions.evaluate(patternExpression(pattern), [{ text: textOf(text) }], {
      signal,
    });
    return found === true
      ? { score: 1, reason: `It matches /${pattern}/.` }
      : { score: 0, reason: `It does not match /${pattern}/.` };
  },
});

/** The value of a JSONata expression: a number from 0 to 1, or true and false for 1 and 0. */
export const expression = defineRule({
  use: 'expression',
  parameters: Type.Object({ expression: Type.String({ minLength: 1 }) }),
  judge: async ({ expression: text }, { expressions, scope, signal }) => {
    const [value] = await expressions.evaluate(text, [scope], { signal });
    const score = typeof value === 'boolean' ? Number(value) : value;
    if (typeof score !== 'number' || score < 0 || score > 1) {
      const shown = JSON.stringify(value) ?? 'nothing';
      throw new BlockFailure(
        'invalid-score',
        `"${text}" gives ${shown}, not a number from 0 to 1 or true or false`,
      );
    }
    return { score, reason: `${text} is ${score}.` };
  },
});
