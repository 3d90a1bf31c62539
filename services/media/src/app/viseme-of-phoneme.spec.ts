import { describe, expect, it } from '@jest/globals';
import { visemeOfPhoneme } from './viseme-of-phoneme.js';

describe('the viseme of a phoneme', () => {
  it.each([
    ['p', 'p'],
    ['m', 'p'],
    ['ɾ', 't'],
    ['n', 't'],
    ['tʃ', 'S'],
    ['dʒ', 'S'],
    ['tɕ', 'S'],
    ['ʒ', 'S'],
    ['ð', 'T'],
    ['v', 'f'],
    ['ŋ', 'k'],
    ['ʁ', 'k'],
    ['h', 'k'],
    ['j', 'i'],
    ['ɪ', 'i'],
    ['ɹ', 'r'],
    ['z', 's'],
    ['w', 'u'],
    ['ʊ', 'u'],
    ['ə', '@'],
    ['æ', 'a'],
    ['e', 'e'],
    ['ɛ', 'E'],
    ['ʌ', 'E'],
    ['o', 'o'],
    ['ɔ', 'O'],
    ['œ', 'O'],
  ])('%s -> %s', (phoneme, viseme) => {
    expect(visemeOfPhoneme(phoneme)).toBe(viseme);
  });

  it.each([
    ['ˈoʊ', 'o'],
    ['ˌo̞', 'o'],
    ['pʲ', 'p'],
    ['ɐ̃ʊ', 'a'],
    ['ɑːɹ', 'a'],
    ['s-', 's'],
    ['ˈɯᵝ', 'i'],
    ['ç', 'k'],
    ['ɔ̃', 'O'],
  ])('marks of %s do not count: %s', (phoneme, viseme) => {
    expect(visemeOfPhoneme(phoneme)).toBe(viseme);
  });

  it('knows no shape for what is no sound', () => {
    expect(visemeOfPhoneme('')).toBeUndefined();
    expect(visemeOfPhoneme('ˈ')).toBeUndefined();
  });
});
