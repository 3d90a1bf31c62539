import { Type, type Static } from 'typebox';

export const Lines = Type.Array(Type.Object({ speaker: Type.String(), text: Type.String() }), {
  minItems: 1,
});
export type Lines = Static<typeof Lines>;

/** Text, or the lines of a script. */
export const Text = Type.Union([Type.String(), Lines]);
export type Text = Static<typeof Text>;

export function textOf(value: Text): string {
  return typeof value === 'string' ? value : value.map(({ text }) => text).join('\n');
}

/** Scripts of the far East end a sentence without a blank after it; what closes a quotation still belongs to it. */
const SENTENCE_ENDS = /(?<=[.!?…؟۔।])\s+|(?<=[。！？][」』）”]?)(?![」』）”])\s*|\n+/u;

export function sentencesOf(value: Text): string[] {
  return textOf(value)
    .split(SENTENCE_ENDS)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

const WORDS = /[\p{L}\p{M}\p{N}]+(?:['-]+[\p{L}\p{M}\p{N}]+)*/gu;
/** Written without blanks between words. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
/** One for all: how these scripts are parted does not depend on the language. */
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** In small letters, without marks at the ends. */
export function wordsOf(text: string): string[] {
  return (plain(text).match(WORDS) ?? []).flatMap((word) =>
    UNSPACED.test(word) ? [...segmenter.segment(word)].map(({ segment }) => segment) : [word],
  );
}

/** Does the text have these words, next to each other and whole? Where nothing parts words, or there are none, as it stands. */
export function holds(text: string, phrase: string): boolean {
  const words = wordsOf(phrase);
  if (words.length > 0 && !UNSPACED.test(phrase))
    return ` ${wordsOf(text).join(' ')} `.includes(` ${words.join(' ')} `);
  const whole = plain(phrase).trim();
  const wanted = words.length === 0 ? whole : whole.replaceAll(MARKS_AT_ENDS, '');
  return wanted !== '' && plain(text).includes(wanted);
}

const MARKS_AT_ENDS = /^[\p{P}\s]+|[\p{P}\s]+$/gu;

/** The same text is written in many ways: letters with their marks in one or in two, straight and curly apostrophes. */
function plain(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[’‘ʼ＇]/gu, "'");
}
