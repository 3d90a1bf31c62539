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

export function sentencesOf(value: Text): string[] {
  return textOf(value)
    .split(/(?<=[.!?…。！？])\s+|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

/** In small letters, without marks at the ends. */
export function wordsOf(text: string): string[] {
  return text.toLocaleLowerCase().match(/[\p{L}\p{M}\p{N}’'-]+/gu) ?? [];
}

/** Does the text have these words, next to each other and whole? */
export function holds(text: string, phrase: string): boolean {
  return ` ${wordsOf(text).join(' ')} `.includes(` ${wordsOf(phrase).join(' ')} `);
}
