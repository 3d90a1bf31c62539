import { TextUnspeakable } from '../../app/speech-failure.js';

/**
 * The text as the engine may read it, character for character in the same places. It would take `<…>` as SSML and
 * `[[…]]` as phonemes, and read the names of emoji aloud: all three become blanks. Throws TextUnspeakable for Chinese
 * characters, of which it would only say "Chinese letter".
 */
export function readableText(text: string): string {
  const han = text.match(/\p{Script=Han}+/gu);
  if (han) {
    throw new TextUnspeakable(
      `espeak cannot read Chinese characters (${han.slice(0, 5).join(', ')}) in "${text}". ` +
        'Write them in kana or hangul.',
    );
  }
  const readable = text.replace(/[<>[\]\p{Cc}\p{Extended_Pictographic}]/gu, (character) =>
    /\p{N}/u.test(character) ? character : ' ',
  );
  if (!/[\p{L}\p{N}]/u.test(readable)) {
    throw new TextUnspeakable(`There is nothing to speak in "${text}": give the line words.`);
  }

  return readable;
}
