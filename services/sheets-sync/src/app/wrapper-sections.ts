import { BlockFailure } from '@duofactory/block-kit';

/** What a show's host says before or after an episode, in one language: variants, each a list of lines. */
export interface Section {
  readonly language: string;
  readonly variants: string[][];
}
export type Sections = Record<string, Section[]>;

type Row = Readonly<Record<string, unknown>>;

/** `en`, `pt-BR`. */
export const LANGUAGE = /^[a-z]{2,3}(-[A-Z]{2})?$/;
/** `1a)`, `2 b)`, `3)`, also with the full-width parenthesis of East Asian keyboards. */
const MARK = /(?:^|\s)(\d{1,3})\s?([a-z])?\s?[)）]/g;

export function hasSections(columns: readonly string[]): boolean {
  return columns.includes('section_type') && columns.includes('variability_type');
}

/**
 * The sections of one show. Fixed rows stand in every variant; of a semi-fixed row variant n takes alternative n, in
 * the order of the rows. Given a language, the others are left out, and its missing texts are a fault.
 * Throws BlockFailure `missing-translation`, `invalid-alternatives`, `invalid-wrapper`.
 */
export function sectionsOf(rows: readonly Row[], language?: string): Sections {
  const languages = Object.keys(rows[0] ?? {}).filter((column) => LANGUAGE.test(column));
  if (language !== undefined && !languages.includes(language)) {
    throw new BlockFailure(
      'missing-column',
      `The table has no column "${language}" for this language; it has ${languages.join(', ')}`,
    );
  }
  const wanted = language === undefined ? languages : [language];
  const sections: Sections = {};
  for (const [type, ofType] of Map.groupBy(rows, (row) => String(row['section_type']))) {
    sections[type] = wanted.flatMap((one) => {
      const empty = ofType.find((row) => textIn(row, one) === '');
      if (empty && language !== undefined) {
        throw new BlockFailure('missing-translation', `${nameOf(empty)} has no text in column "${one}"`);
      }
      return empty ? [] : [{ language: one, variants: variantsOf(ofType, one) }];
    });
  }
  return sections;
}

function variantsOf(rows: readonly Row[], language: string): string[][] {
  const parts = rows.map((row) => {
    const text = textIn(row, language);
    switch (row['variability_type']) {
      case 'fixed':
        return [linesOf(text)];
      case 'semi_fixed':
        return alternativesOf(text, `${nameOf(row)}, column "${language}"`);
      default:
        throw new BlockFailure(
          'invalid-wrapper',
          `${nameOf(row)}: variability_type is "${String(row['variability_type'])}", not fixed or semi_fixed`,
        );
    }
  });
  const most = Math.max(...parts.map((part) => part.length));
  return Array.from({ length: most }, (_, n) => parts.flatMap((part) => part[n % part.length]!));
}

/** `1a) … 1b) … 2a) …`: by number the alternatives, by letter their lines. Throws BlockFailure `invalid-alternatives`. */
export function alternativesOf(text: string, place: string): string[][] {
  const marks = [...text.matchAll(MARK)];
  if (marks.length === 0) return [linesOf(text)];
  if (text.slice(0, marks[0]!.index).trim() !== '')
    throw outOfOrder(place, 'has text before its first "1a)"');
  const alternatives: string[][] = [];
  marks.forEach((mark, i) => {
    const [whole, number, letter] = mark;
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

function outOfOrder(place: string, what: string): BlockFailure {
  return new BlockFailure('invalid-alternatives', `${place} ${what}: number alternatives 1a) 1b) 2a) …`);
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function textIn(row: Row, language: string): string {
  const value = row[language];
  return typeof value === 'string' ? value.trim() : '';
}

function nameOf(row: Row): string {
  return `The ${String(row['variability_type'])} ${String(row['section_type'])} of "${String(row['wrapper_name'])}"`;
}
