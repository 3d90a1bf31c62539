import { cellText } from './cell-text.js';

/** Cells that are merged, as people name them: `B2:B4`. */
export interface MergedPlace {
  readonly place: string;
  /** Of its first cell: the row from 1, the column from 0. */
  readonly row: number;
  readonly column: number;
  /** Whether its first cell is among those that are read: else nobody knows what it has. */
  readonly isRead: boolean;
}

/** Watches the rows of a sheet go by for merged cells that have a value: people merge empty ones for their looks. */
export class MergedPlaces {
  readonly #byRow: ReadonlyMap<number, readonly MergedPlace[]>;
  readonly #filled: Set<MergedPlace>;

  constructor(private readonly all: readonly MergedPlace[]) {
    this.#byRow = Map.groupBy(all, ({ row }) => row);
    this.#filled = new Set(all.filter(({ isRead }) => !isRead));
  }

  look(row: number, cellAt: (column: number) => unknown): void {
    for (const one of this.#byRow.get(row) ?? [])
      if (cellText(cellAt(one.column)).trim() !== '') this.#filled.add(one);
  }

  /** Once all rows went by. */
  filled(): string[] {
    return this.all.filter((one) => this.#filled.has(one)).map(({ place }) => place);
  }
}
