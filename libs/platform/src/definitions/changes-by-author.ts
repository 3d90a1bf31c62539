import { diffDefinitions, type DefinitionChange } from './definition-diff.js';

/** What a draft was when one author handed over to another, or is now. */
export interface AuthorsSave {
  readonly revision: number;
  readonly definition: unknown;
  readonly by: string;
  readonly at: Date;
}

/** Saves of one author in a row. */
export interface AuthorsTurn {
  readonly by: string;
  /** The last of them. */
  readonly at: Date;
  readonly revision: number;
  readonly changes: DefinitionChange[];
}

/** Who changed what, in order; what an author took back within a turn is no change. `before`: what it began with. */
export function changesByAuthor(before: unknown, saves: readonly AuthorsSave[]): AuthorsTurn[] {
  return saves.flatMap(({ definition, by, at, revision }, n) => {
    const changes = diffDefinitions(saves[n - 1]?.definition ?? before ?? {}, definition);
    return changes.length === 0 ? [] : [{ by, at, revision, changes }];
  });
}
