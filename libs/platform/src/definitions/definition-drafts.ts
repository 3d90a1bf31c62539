import { hashJson, storableJson } from '@duofactory/contracts';
import type { Clock } from '../clock.js';
import type { Database, Transaction } from '../database.js';
import { checkExpected, type ExpectedRevision } from '../http/expected-revision.js';
import { Problem, type FieldError } from '../problem.js';
import type { Transactions } from '../service/transactions.js';
import type { DefinitionLibrary, PublishedDefinition } from './definition-library.js';
import { changesByAuthor, type AuthorsTurn } from './changes-by-author.js';
import { rewriteYaml, writeYaml } from './definition-yaml.js';
import { checkPublisher, demandsPreview, previewNeeded, type PublishPolicy } from './publish-policy.js';
import {
  findRevision,
  listRevisions,
  readDefinitionDraft,
  removeDefinitionDraft,
  revisionBecame,
  saveRevision,
  savesByAuthor,
  type RevisionRow,
} from './store-drafts.js';
import { lockDefinition, readDefinitionSource } from './store.js';

export interface DefinitionDraft {
  readonly id: string;
  /** Goes up with every change; its ETag. */
  readonly revision: number;
  readonly definition: Record<string, unknown>;
  readonly yaml: string;
  readonly by: string;
  readonly at: Date;
  /** The version that is published now; null: none yet. */
  readonly latest: number | null;
  /** What stands in the way of publishing it. */
  readonly errors: readonly FieldError[];
  readonly variables: readonly string[];
}

export interface DraftRevision {
  readonly revision: number;
  readonly by: string;
  readonly at: Date;
  /** What it was published as. */
  readonly version: number | null;
}

export interface DraftChanges {
  /** The version that is published now; null: none yet. */
  readonly since: number | null;
  readonly authors: AuthorsTurn[];
}

/** Whether a draft of this content was compared with the version that is published. */
export type FindPreview = (of: { id: string; since: number; hash: string }) => Promise<boolean>;

/** Of authors that took turns on one draft, the latest. */
export const MOST_TURNS = 100;

/** Drafts of definitions: they may be incomplete, nobody's changes are overwritten unseen, and every save can be restored. */
export class DefinitionDrafts<D extends { readonly id: string }> {
  constructor(
    private readonly library: DefinitionLibrary<D>,
    private readonly database: Database,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly policy: PublishPolicy = 'anyone',
    /** undefined: drafts of this kind are compared with nothing. */
    private readonly findPreview?: FindPreview,
  ) {}

  async show(id: string): Promise<DefinitionDraft> {
    const found = await readDefinitionDraft(this.database, this.#kind, id);
    if (!found?.draft) throw this.#none(id);
    return this.#shown(id, found.latest, found.draft);
  }

  /**
   * A revision more; what is the same as the draft is saved already, for whoever got no answer and asks again. Without
   * `source` the comments of the YAML that was there, or of the latest version, stay.
   */
  async save(
    id: string,
    of: {
      definition: Record<string, unknown>;
      source?: string;
      expected: ExpectedRevision;
      by: string;
    },
  ): Promise<DefinitionDraft> {
    // As it will be read: what PostgreSQL has no place for is replaced.
    const definition = JSON.parse(storableJson(of.definition)) as Record<string, unknown>;
    const { latest, draft } = await this.transactions.run(async (tx) => {
      await lockDefinition(tx, this.#kind, id);
      const { latest, draft } = (await readDefinitionDraft(tx, this.#kind, id))!;
      const source = of.source ?? (await this.#rewritten(tx, id, { latest, draft, definition }));
      if (draft && draft.source === source && hashJson(draft.definition) === hashJson(definition))
        return { latest, draft };
      checkExpected(this.#addressOf(id), draft, of.expected);
      const row = { definition, source, by: of.by, at: this.clock.now() };
      return { latest, draft: await saveRevision(tx, this.#kind, id, row) };
    });
    return this.#shown(id, latest, draft);
  }

  /** The draft goes, its revisions stay. */
  async delete(id: string, expected: ExpectedRevision): Promise<void> {
    await this.transactions.run(async (tx) => {
      await lockDefinition(tx, this.#kind, id);
      const { draft } = (await readDefinitionDraft(tx, this.#kind, id))!;
      if (!draft) return;
      checkExpected(this.#addressOf(id), draft, expected);
      await removeDefinitionDraft(tx, this.#kind, id);
    });
  }

  /** The draft becomes a version and is gone. Asked again, it is the version that it became. */
  async publish(
    id: string,
    { expected, by, note }: { expected: ExpectedRevision; by: string; note?: string },
  ): Promise<PublishedDefinition> {
    // Another service is asked before the definition is locked.
    const previewed = await this.#previewed(id);
    return this.transactions.run(async (tx, emit) => {
      await lockDefinition(tx, this.#kind, id);
      const { latest, draft } = (await readDefinitionDraft(tx, this.#kind, id))!;
      if (!draft) {
        const before =
          typeof expected === 'number' ? await findRevision(tx, this.#kind, id, expected) : undefined;
        if (before?.version === undefined || before.version === null) throw this.#none(id);
        return { id, version: before.version, created: false };
      }
      checkExpected(this.#addressOf(id), draft, expected);
      const saves = await savesByAuthor(tx, this.#kind, id, MOST_TURNS);
      checkPublisher(this.policy, { by, authors: saves.map((save) => save.by) });
      const { revision, definition, source } = draft;
      this.library.refuseFaults(id, definition);
      if (this.#isPreviewDemanded && latest !== null && previewed !== nameOf(latest, definition))
        throw previewNeeded(latest);
      const written = { definition, source, author: by, ...(note === undefined ? {} : { note }) };
      const published = await this.library.publishIn({ tx, emit }, id, written);
      await revisionBecame(tx, this.#kind, id, { revision, version: published.version });
      await removeDefinitionDraft(tx, this.#kind, id);
      return published;
    });
  }

  /** What each author changed since the version that is published. */
  async changes(id: string): Promise<DraftChanges> {
    const { latest } = await this.show(id);
    const published = latest === null ? undefined : await this.library.find(`${id}@${latest}`);
    const saves = await savesByAuthor(this.database, this.#kind, id, MOST_TURNS);
    return { since: latest, authors: changesByAuthor(published?.definition, saves) };
  }

  /** What was saved, newest first. */
  async revisions(id: string, page: { before: number | undefined; limit: number }): Promise<DraftRevision[]> {
    const rows = await listRevisions(this.database, this.#kind, id, page);
    return rows.map(({ revision, by, at, version }) => ({ revision, by, at, version }));
  }

  async revision(
    id: string,
    revision: number,
  ): Promise<DraftRevision & Pick<DefinitionDraft, 'definition' | 'yaml'>> {
    const found = await findRevision(this.database, this.#kind, id, revision);
    if (!found) throw this.#unknownRevision(id, revision);
    const { source, ...row } = found;
    return { ...row, yaml: source };
  }

  /** The draft is as it was at that revision: a revision more, so that this can be undone, too. */
  async restore(
    id: string,
    of: { revision: number; expected: ExpectedRevision; by: string },
  ): Promise<DefinitionDraft> {
    const { definition, yaml } = await this.revision(id, of.revision);
    return this.save(id, { definition, source: yaml, expected: of.expected, by: of.by });
  }

  async #rewritten(
    tx: Transaction,
    id: string,
    of: { latest: number | null; draft: RevisionRow | undefined; definition: Record<string, unknown> },
  ): Promise<string> {
    const { latest, draft, definition } = of;
    const version = { id, version: latest ?? 0 };
    const known = draft?.source ?? (await readDefinitionSource(tx, this.#kind, version));
    return known === undefined ? writeYaml(definition) : rewriteYaml(known, definition);
  }

  /** The content that was compared, and with which version, if it is that of the draft; where that is demanded. */
  async #previewed(id: string): Promise<string | undefined> {
    if (!this.#isPreviewDemanded) return undefined;
    const found = await readDefinitionDraft(this.database, this.#kind, id);
    if (!found?.draft || found.latest === null) return undefined;
    const { latest: since, draft } = found;
    const isFound = await this.findPreview!({ id, since, hash: hashJson(draft.definition) });
    return isFound ? nameOf(since, draft.definition) : undefined;
  }

  get #isPreviewDemanded(): boolean {
    return this.findPreview !== undefined && demandsPreview(this.policy);
  }

  get #kind(): string {
    return this.library.of.kind;
  }

  #addressOf(id: string): string {
    return `/api/${this.library.of.resource}/${id}/draft`;
  }

  #shown(id: string, latest: number | null, draft: RevisionRow): DefinitionDraft {
    const { revision, definition, source, by, at } = draft;
    return {
      ...{ id, revision, definition, yaml: source, by, at, latest },
      errors: this.library.faultsOf(id, definition),
      variables: this.library.of.variables(definition),
    };
  }

  #none(id: string): Problem {
    return new Problem({
      status: 404,
      code: 'no-draft',
      title: 'There is no draft',
      detail: `The ${this.#kind} "${id}" has no draft. PUT one with If-None-Match: *.`,
    });
  }

  #unknownRevision(id: string, revision: number): Problem {
    return new Problem({
      status: 404,
      code: 'unknown-revision',
      title: 'Unknown revision',
      detail: `The ${this.#kind} "${id}" was never saved as revision ${revision}: GET ${this.#addressOf(id)}/revisions lists them`,
    });
  }
}

/** A content beside the version that it was compared with. */
const nameOf = (since: number, definition: Record<string, unknown>): string =>
  `${since} ${hashJson(definition)}`;
