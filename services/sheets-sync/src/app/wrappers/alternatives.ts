import { BlockFailure } from '@duofactory/block-kit';

/**
 * How people mark alternatives: as the cell begins. In a line, other parentheses and points are what is said. The closing
 * parenthesis may be the full-width one of East Asian keyboards.
 */
const STYLES = [
  // `(1a)`
  { begins: /^[(（]\s?\d{1,3}\s?[a-z]?\s?[)）]/i, mark: /(?:^|\s)[(（]\s?(\d{1,3})\s?([a-z])?\s?[)）]/gi },
  // `1a.`, at the beginning of a line
  { begins: /^\d{1,3}[a-z]\.\s/i, mark: /(?:^|\n)[^\S\n]*(\d{1,3})([a-z])\.(?=\s)/gi },
  // `1.`, so too, and only where a second one follows: "1." alone is a number in many languages
  { begins: /^1\.\s[^]*\n\s*2\.\s/, mark: /(?:^|\n)[^\S\n]*(\d{1,3})()\.(?=\s)/g },
];
/** `1a)`, `2 b)`, `3)` */
const USUAL = /(?:^|\s)(\d{1,3})\s?([a-z])?\s?[)）]/gi;

/** `1a) … 1b) … 2a) …`: by number the alternatives, by letter their lines. Throws BlockFailure `invalid-alternatives`. */
export function alternativesOf(text: string, place: string): string[][] {
  const marks = [...text.matchAll(STYLES.find(({ begins }) => begins.test(text))?.mark ?? USUAL)];
  if (marks.length === 0) return [linesOf(text)];
  if (text.slice(0, marks[0]!.index).trim() !== '')
    throw outOfOrder(place, 'has text before its first "1a)"');
  const alternatives: string[][] = [];
  marks.forEach((mark, i) => {
    const [whole, number, anyCase] = mark;
    const letter = anyCase?.toLowerCase() || undefined;
    const said = text.slice(mark.index + whole.length, marks[i + 1]?.index ?? text.length).trim();
    const expected = alternatives.at(-1);
    const isNext = Number(number) === alternatives.length + 1 && (letter ?? 'a') === 'a';
    const isMore =
      expected !== undefined &&
      Number(number) === alternatives.length &&
      letter === String.fromCharCode(97 + expected.length);
    if (said === '') throw outOfOrder(place, `has nothing after "${whole.trim()}"`);
    if (isNext) alternatives.push([said]);
    else if (isMore) expected.push(said);
    else throw outOfOrder(place, `has "${whole.trim()}" out of order`);
  });
  return alternatives;
}

export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function outOfOrder(place: string, what: string): BlockFailure {
  return new BlockFailure('invalid-alternatives', `${place} ${what}: number alternatives 1a) 1b) 2a) …`);
}
