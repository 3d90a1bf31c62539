import type { GoldenCase, GoldenSetDefinition } from '@duofactory/contracts';
import { Problem, type Clock, type DefinitionDraft, type DefinitionDrafts } from '@duofactory/platform';
import type { GoldenSetLibrary } from './golden-set-kind.js';

/** Somebody may save the draft between the look at it and the save. */
const TRIES = 5;

/** Cases that people decide about elsewhere, such as in a review, one after the other. */
export class GoldenCases {
  constructor(
    private readonly library: GoldenSetLibrary,
    private readonly drafts: DefinitionDrafts<GoldenSetDefinition>,
    private readonly clock: Clock,
  ) {}

  /**
   * Into the draft of the set, which begins as the version that is published; judged today, where the case does not say
   * when. One of the same id takes the place of what was there: a person has changed their mind.
   */
  async add(id: string, one: GoldenCase, by: string): Promise<DefinitionDraft> {
    const today = this.clock.now().toISOString().slice(0, 10);
    const added = { ...one, judgedOn: one.judgedOn ?? today };
    for (let tried = 1; ; tried += 1) {
      const draft = await this.#draft(id, by);
      // A draft may hold anything.
      const { cases: drafted } = draft.definition;
      const cases: unknown[] = Array.isArray(drafted) ? drafted : [];
      const at = cases.findIndex((other) => (other as Partial<GoldenCase> | null)?.id === one.id);
      const definition = {
        ...draft.definition,
        cases: at === -1 ? [...cases, added] : cases.with(at, added),
      };
      try {
        return await this.drafts.save(id, { definition, expected: draft.revision, by });
      } catch (error) {
        if (!isChanged(error) || tried === TRIES) throw error;
      }
    }
  }

  async #draft(id: string, by: string): Promise<DefinitionDraft> {
    try {
      return await this.drafts.show(id);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'no-draft') throw error;
    }
    const published = await this.library.show(id);
    // With its comments.
    const source = await this.library.yamlOf(published);
    const definition = published.definition as unknown as Record<string, unknown>;
    try {
      return await this.drafts.save(id, { definition, source, expected: 'none', by });
    } catch (error) {
      if (isChanged(error)) return this.drafts.show(id);
      throw error;
    }
  }
}

const isChanged = (error: unknown): boolean => error instanceof Problem && error.code === 'draft-changed';
