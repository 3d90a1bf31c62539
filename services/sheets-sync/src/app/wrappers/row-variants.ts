import { BlockFailure } from '@duofactory/block-kit';
import { alternativesOf } from './alternatives.js';
import type { Row } from '../sources/read-sources.js';
import { LANGUAGE } from './wrapper-sections.js';

export interface RowVariants {
  /** By column of a language: the alternatives, each a list of lines. */
  readonly variants: Record<string, string[][]>;
  /** By column: why its text is no list of alternatives. */
  readonly faults: Record<string, string>;
}

/** The alternatives in the cells of a semi-fixed row, as a run would read them. */
export function variantsOf({ value }: Row): RowVariants | undefined {
  if (value['variability_type'] !== 'semi_fixed') return undefined;
  const variants: RowVariants['variants'] = {};
  const faults: RowVariants['faults'] = {};
  for (const [column, cell] of Object.entries(value)) {
    if (!LANGUAGE.test(column) || typeof cell !== 'string' || cell.trim() === '') continue;
    try {
      variants[column] = alternativesOf(cell.trim(), `Column "${column}"`);
    } catch (error) {
      if (!(error instanceof BlockFailure)) throw error;
      faults[column] = error.message;
    }
  }
  return { variants, faults };
}
