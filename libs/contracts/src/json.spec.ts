import { describe, expect, it } from '@jest/globals';
import { storableJson } from './json.js';

describe('JSON that PostgreSQL takes', () => {
  it.each<[string, unknown, unknown]>([
    ['NUL', { text: 'a\0b' }, { text: 'a\uFFFDb' }],
    ['half a pair', ['\uD83D!', '!\uDE00'], ['\uFFFD!', '!\uFFFD']],
    ['NUL in a name', { 'a\0': 1 }, { 'a\uFFFD': 1 }],
    ['a backslash before', ['\\\0', '\\\\\uD83D'], ['\\\uFFFD', '\\\\\uFFFD']],
    [
      'what only looks like it',
      ['\\u0000', '\\\\ud83d', '\u0001', '😀'],
      ['\\u0000', '\\\\ud83d', '\u0001', '😀'],
    ],
    ['nothing', undefined, null],
  ])('%s', (_, value, stored) => {
    expect(JSON.parse(storableJson(value))).toEqual(stored);
  });
});
