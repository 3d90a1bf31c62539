import type { Clock, Database } from '@duofactory/platform';
import { editorsAt, leaves, types, type EditorRow } from '../../store/editors.js';

export type Editor = Omit<EditorRow, 'place'>;

/** Whoever typed nothing for as long is not there. */
const REST_MS = 60_000;

/** Who types where, so that others see it before they type, too. It locks nothing. */
export class Editors {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async types(tab: string, of: { place: string; by: string }): Promise<void> {
    const at = this.clock.now();
    await types(this.database, { tab, ...of, at }, this.#since());
  }

  async leaves(tab: string): Promise<void> {
    await leaves(this.database, tab);
  }

  /** By place; nobody: an empty list. */
  async at(places: readonly string[]): Promise<Map<string, Editor[]>> {
    const found = new Map<string, Editor[]>(places.map((place) => [place, []]));
    for (const { place, ...editor } of await editorsAt(this.database, places, this.#since()))
      found.get(place)!.push(editor);
    return found;
  }

  #since(): Date {
    return new Date(this.clock.now().getTime() - REST_MS);
  }
}
