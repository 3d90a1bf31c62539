/** A text as SSML, and the way back: where in the text a byte of the SSML stands. */
export interface Ssml {
  readonly ssml: string;
  /** Index in the text, in UTF-16 units, of the character that the byte of the SSML belongs to. */
  indexAt(byte: number): number;
}

const ENTITIES = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['&', '&amp;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

/** Markup in the text is text; what XML cannot hold, and emoji, become blanks. `ratePercent` 100 is the voice's own. */
export function ssmlOf(text: string, ratePercent: number): Ssml {
  const head = `<speak><prosody rate="${ratePercent}%">`;
  const bytes: number[] = [];
  const indices: number[] = [];
  let body = '';
  let byte = Buffer.byteLength(head);
  let index = 0;
  for (const character of text) {
    const written = ENTITIES.get(character) ?? (isUnspoken(character) ? ' ' : character);
    bytes.push(byte);
    indices.push(index);
    body += written;
    byte += Buffer.byteLength(written);
    index += character.length;
  }

  return {
    ssml: `${head}${body}</prosody></speak>`,
    indexAt: (wanted) => indices[lastNotAfter(bytes, wanted)] ?? 0,
  };
}

const isUnspoken = (character: string) =>
  /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(character) ||
  (/\p{Extended_Pictographic}/u.test(character) && !/\p{N}/u.test(character));

function lastNotAfter(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) <= wanted) low = middle + 1;
    else high = middle;
  }

  return low - 1;
}
