/** Mouth shapes of Amazon Polly: the set that players of our episodes already know. */
export const VISEMES = [
  'p',
  't',
  'S',
  'T',
  'f',
  'k',
  'i',
  'r',
  's',
  'u',
  '@',
  'a',
  'e',
  'E',
  'o',
  'O',
  'sil',
] as const;
export type VisemeId = (typeof VISEMES)[number];

const PHONEMES: Record<Exclude<VisemeId, 'sil'>, string> = {
  p: 'p b m β ɓ',
  t: 't d n l ɾ ɗ ɖ ʈ ɳ ɭ ɬ ɫ',
  S: 'ʃ ʒ tʃ dʒ tɕ dʑ ɕ ʑ ʂ ʐ tʂ dʐ tS dZ ɟ S Z',
  T: 'θ ð T D',
  f: 'f v ʋ ɱ ɸ',
  k: 'k ɡ g ŋ h x ɣ χ ʁ ʀ q ɢ ɦ ħ ɴ c N ɠ ʔ',
  // Palatals spread the lips as their vowel does.
  i: 'i ɪ j ɲ ʎ ɨ ɯ ᵻ ʝ I',
  r: 'ɹ r ɻ ɽ R',
  s: 's z ts dz',
  u: 'u ʊ w y ʏ ɥ ʉ U',
  '@': 'ə ɚ ɘ ɵ',
  a: 'a ɑ æ ɐ ɶ A',
  e: 'e',
  E: 'ɛ ʌ ɜ ɝ E',
  o: 'o ø ɤ',
  O: 'ɔ œ ɒ O',
};

const VISEME_OF = new Map<string, VisemeId>(
  Object.entries(PHONEMES).flatMap(([viseme, phonemes]) =>
    phonemes.split(' ').map((phoneme) => [phoneme, viseme as VisemeId] as const),
  ),
);

/**
 * The mouth shape of a phoneme in IPA (or of the Kirshenbaum letters that engines fall back to). A diphthong has
 * the shape of its first vowel. Undefined for a symbol that is not a sound.
 */
export function visemeOfPhoneme(phoneme: string): VisemeId | undefined {
  const sounds = bareSounds(phoneme);
  // Palatalisation that is timed by itself is a short /j/.
  if (sounds === '') return phoneme.includes('ʲ') ? 'i' : undefined;

  return VISEME_OF.get(sounds.slice(0, 2)) ?? VISEME_OF.get(sounds.slice(0, 1));
}

/** Stress, length, tone and articulation marks do not move the lips. */
function bareSounds(phoneme: string): string {
  return phoneme.normalize('NFD').replace(/[\p{M}\p{Lm}\p{Sk}\p{N}\p{P}]/gu, '');
}
