export interface TextPiece {
  readonly text: string;
  /** Where it begins in the whole, in UTF-16 units. */
  readonly index: number;
}

/**
 * A text in pieces that fit, joined they are the text again. It is split between sentences; a sentence that does not
 * fit, between words; a word that does not, between characters.
 */
export function splitText(text: string, language: string, fits: (piece: string) => boolean): TextPiece[] {
  return split({ text, index: 0 }, ['sentence', 'word', 'grapheme'], { language, fits });
}

type Granularity = 'sentence' | 'word' | 'grapheme';

function split(
  whole: TextPiece,
  [granularity, ...finer]: readonly Granularity[],
  by: { language: string; fits: (piece: string) => boolean },
): TextPiece[] {
  if (by.fits(whole.text) || granularity === undefined) return [whole];
  const pieces: TextPiece[] = [];
  let open: TextPiece | undefined;
  for (const { segment, index } of new Intl.Segmenter(by.language, { granularity }).segment(whole.text)) {
    if (open && by.fits(open.text + segment)) {
      open = { ...open, text: open.text + segment };
      continue;
    }
    if (open) pieces.push(open);
    open = { text: segment, index: whole.index + index };
  }
  if (open) pieces.push(open);

  return pieces.flatMap((piece) => split(piece, finer, by));
}
