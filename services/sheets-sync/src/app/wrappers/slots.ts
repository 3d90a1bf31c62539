import { BlockFailure } from '@duofactory/block-kit';
import { cellText } from '../tables/cell-text.js';
import type { Row } from '../sources/read-sources.js';

/** By name, as `subject` of `[subject]`: what stands there. */
export type SlotValues = Readonly<Record<string, string | number | boolean>>;

/** `[subject]`, also in the full-width brackets of East Asian keyboards. */
const SLOT = /[[［]([^\]］]{1,60})[\]］]/g;
const MOST_TOLD = 20;

/**
 * Fills the slots of lines: with the values that are given, else with what the row has in a column of that name. Without
 * values given, a slot that has none stays as it is for whoever uses the line; else it is a fault.
 */
export class Slots {
  readonly #given: ReadonlyMap<string, string> | undefined;
  readonly #empty = new Set<string>();

  constructor(values: SlotValues | undefined) {
    this.#given =
      values &&
      new Map(Object.entries(values).map(([name, value]) => [nameOf(name), cellText(value).trim()]));
  }

  fill(line: string, { ordinal, value }: Row, language: string): string {
    return line.replace(SLOT, (slot, inside: string) => {
      const name = nameOf(inside);
      const filling = this.#given?.get(name) || columnOf(value, name);
      if (filling !== '') return filling;
      if (this.#given) this.#empty.add(`row ${ordinal}, column "${language}": ${slot}`);
      return slot;
    });
  }

  /** Throws BlockFailure `empty-slot` with each place. */
  end(): void {
    if (this.#empty.size === 0) return;
    const told = [...this.#empty].slice(0, MOST_TOLD).join('; ');
    const more = this.#empty.size > MOST_TOLD ? `; and ${this.#empty.size - MOST_TOLD} more` : '';
    const remedy = 'give it in "slots", or in a column of its name';
    throw new BlockFailure('empty-slot', `Slots have no value (${remedy}): ${told}${more}`);
  }
}

function columnOf(value: Row['value'], name: string): string {
  const column = Object.keys(value).find((one) => nameOf(one) === name);
  return column === undefined ? '' : cellText(value[column]).trim();
}

function nameOf(text: string): string {
  return text.trim().toLowerCase();
}
