import { describe, expect, it } from '@jest/globals';
import { limitsText, readNumber } from './typed-number.js';

describe('a typed number', () => {
  it('is read as people write it', () => {
    expect(['12', ' 1.5 ', '-3', '.5', '1e3', '2.'].map((text) => readNumber(text).value)).toEqual([
      12, 1.5, -3, 0.5, 1000, 2,
    ]);
  });

  it('is nothing only where nothing was typed', () => {
    expect(readNumber('  ')).toEqual({ value: undefined });
    for (const text of ['1,5', '$5', 'abc', '0x10', 'Infinity', '1 000', '-', '1e999'])
      expect(readNumber(text)).toEqual({ wrong: `"${text}" is no number: write it like 1.5` });
  });

  it('says which limit it breaks, and is there nevertheless', () => {
    const share = { minimum: 0, maximum: 1 };
    expect(readNumber('1.2', share)).toEqual({ value: 1.2, wrong: 'It must be 0 to 1' });
    expect(readNumber('1', share)).toEqual({ value: 1 });
    expect(readNumber('0', { exclusiveMinimum: 0 }).wrong).toBe('It must be more than 0');
    expect(readNumber('2.5', { isWhole: true, minimum: 1 }).wrong).toBe('It must be a whole number from 1');
    expect(limitsText({})).toBe('');
  });
});
