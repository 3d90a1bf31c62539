import { Type } from 'typebox';
import { defineRule } from './rule.js';
import { Lines } from './script-text.js';

/** Has the script between so many and so many lines? */
export const lineCount = defineRule({
  use: 'line-count',
  parameters: Type.Object({
    lines: Lines,
    min: Type.Integer({ minimum: 0, default: 0 }),
    max: Type.Integer({ minimum: 1 }),
  }),
  judge: ({ lines, min, max }) => {
    const off = Math.max(0, min - lines.length, lines.length - max);
    return {
      score: Math.max(0, 1 - off / 4),
      reason: `It has ${lines.length} lines; ${min} to ${max} are wanted.`,
    };
  },
});
