/** What a file shows otherwise than it was read, and where: `A2:A4`, or a row. */
export interface TableNote {
  readonly place: string;
  readonly message: string;
}

export const MERGED = 'Merged: its first cell has the value, the others are empty';

/** Nothing where there is nothing to tell. */
export interface NotesTold {
  readonly notes?: { readonly count: number; readonly notes: readonly TableNote[] };
}

const MOST_TOLD = 200;

/** What whoever sent a file should know of how it was read. */
export class TableNotes {
  readonly #first: TableNote[] = [];
  #count = 0;

  add(note: TableNote): void {
    this.#count += 1;
    if (this.#first.length < MOST_TOLD) this.#first.push(note);
  }

  /** The first of them, and how many there are. */
  told(): NotesTold {
    return this.#count === 0 ? {} : { notes: { count: this.#count, notes: this.#first } };
  }
}
