import { BlockFailure } from '@duofactory/block-kit';
import { alternativesOf, linesOf } from './alternatives.js';
import type { Row } from '../sources/read-sources.js';
import { Slots, type SlotValues } from './slots.js';

/** What a show's host says before or after an episode, in one language: variants, each a list of lines. */
export interface Section {
  readonly language: string;
  readonly variants: string[][];
}
export type Sections = Record<string, Section[]>;

type Cells = Readonly<Record<string, unknown>>;

/** `en`, `pt-BR`. */
export const LANGUAGE = /^[a-z]{2,3}(-[A-Z]{2})?$/;

export function hasSections(columns: readonly string[]): boolean {
  return columns.includes('section_type') && columns.includes('variability_type');
}

/**
 * The sections of one show. Fixed rows stand in every variant; of a semi-fixed row variant n takes alternative n, in
 * the order of the rows. Given a language, the others are left out, and its missing texts are a fault. Given values for
 * slots such as [subject], none may be left without one.
 * Throws BlockFailure `missing-translation`, `invalid-alternatives`, `invalid-wrapper`, `empty-slot`.
 */
export function sectionsOf(
  rows: readonly Row[],
  {
    language,
    slots: values,
  }: { readonly language?: string | undefined; readonly slots?: SlotValues | undefined },
): Sections {
  const languages = Object.keys(rows[0]?.value ?? {}).filter((column) => LANGUAGE.test(column));
  const slots = new Slots(values);
  if (language !== undefined && !languages.includes(language)) {
    throw new BlockFailure(
      'missing-column',
      `The table has no column "${language}" for this language; it has ${languages.join(', ')}`,
    );
  }
  const wanted = language === undefined ? languages : [language];
  const sections: Sections = {};
  for (const [type, ofType] of Map.groupBy(rows, ({ value }) => String(value['section_type']))) {
    sections[type] = wanted.flatMap((one) => {
      const empty = ofType.find(({ value }) => textIn(value, one) === '');
      if (empty && language !== undefined) {
        throw new BlockFailure(
          'missing-translation',
          `${nameOf(empty.value)} has no text in column "${one}"`,
        );
      }
      return empty ? [] : [{ language: one, variants: variantsOf(ofType, one, slots) }];
    });
  }
  slots.end();
  return sections;
}

function variantsOf(rows: readonly Row[], language: string, slots: Slots): string[][] {
  const parts = rows.map((row) => {
    const { value } = row;
    const text = textIn(value, language);
    const filled = (lines: readonly string[]) => lines.map((line) => slots.fill(line, row, language));
    switch (value['variability_type']) {
      case 'fixed':
        return [filled(linesOf(text))];
      case 'semi_fixed':
        // Filled once it is split: what stands in a slot is no mark.
        return alternativesOf(text, `${nameOf(value)}, column "${language}"`).map(filled);
      default:
        throw new BlockFailure(
          'invalid-wrapper',
          `${nameOf(value)}: variability_type is "${String(value['variability_type'])}", not fixed or semi_fixed`,
        );
    }
  });
  const most = Math.max(...parts.map((part) => part.length));
  return Array.from({ length: most }, (_, n) => parts.flatMap((part) => part[n % part.length]!));
}

function textIn(row: Cells, language: string): string {
  const value = row[language];
  return typeof value === 'string' ? value.trim() : '';
}

function nameOf(row: Cells): string {
  return `The ${String(row['variability_type'])} ${String(row['section_type'])} of "${String(row['wrapper_name'])}"`;
}
