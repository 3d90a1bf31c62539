/** Whose catalog is not what it was. */
export interface ChangedCourse {
  readonly environment: string;
  readonly course: string;
}

/**
 * Passes on that episodes of a course changed, to those who look at a screen. A hint, told by the publisher's events to
 * every process: what is missed is read with the next look.
 */
export class ContentChanges {
  readonly #listeners = new Set<(changed: ChangedCourse) => void>();

  tell(changed: ChangedCourse): void {
    for (const listener of this.#listeners) listener(changed);
  }

  listen(listener: (changed: ChangedCourse) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
