import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldSame } from './fold-same.js';

const BETWEEN = { isFirst: false, isLast: false };

describe('what stays between two changes', () => {
  it('is folded where it is long, beside what stands there whole: no variable and no word is cut', () => {
    const variable = '{{unit.sentences}}';
    const text = `${'x '.repeat(55)}${variable}${' and more words'.repeat(40)} ${variable}${' y'.repeat(55)}`;

    const { before, folded, after } = foldSame(text, BETWEEN)!;

    expect(before.endsWith(variable)).toBe(true);
    expect(after.startsWith(variable)).toBe(true);
    expect(folded.startsWith(' and more')).toBe(true);
  });

  it('has one side alone at the ends of the text', () => {
    const text = 'word '.repeat(200);

    expect(foldSame(text, { isFirst: true, isLast: false })!.before).toBe('');
    expect(foldSame(text, { isFirst: false, isLast: true })!.after).toBe('');
    expect(foldSame('short', BETWEEN)).toBeUndefined();
  });

  it('loses nothing, and opens no variable that it does not close', () => {
    const part = fc.constantFrom('{{a.b}}', 'word', ' ', '\n', '🙂', '{', '}}', 'x'.repeat(300));
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 120 }),
        fc.boolean(),
        fc.boolean(),
        (parts, isFirst, isLast) => {
          const text = parts.join('');
          const pieces = foldSame(text, { isFirst, isLast });
          if (!pieces) return;

          const { before, folded, after } = pieces;
          expect(before + folded + after).toBe(text);
          const variables = (one: string): number => (one.match(/\{\{a\.b\}\}/g) ?? []).length;
          expect(variables(before) + variables(folded) + variables(after)).toBe(variables(text));
        },
      ),
    );
  });
});
