import { hashJson } from '@duofactory/contracts';
import {
  MOST_TURNS,
  Problem,
  changesByAuthor,
  checkExpected,
  checkPublisher,
  rewriteYaml,
  type Clock,
  type Database,
  type DraftChanges,
  type ExpectedRevision,
  type PublishPolicy,
} from '@duofactory/platform';
import {
  ensureDraft,
  lockDraft,
  publishedFrom,
  readDraft,
  removeDraft,
  saveDraft,
  type DraftRow,
  type WorkflowRow,
} from '../../store/drafts.js';
import type { Transaction } from '../../store/transaction.js';
import {
  draftRevisionBecame,
  draftSavesByAuthor,
  findDraftRevision,
  keepDraftRevision,
  listDraftRevisions,
  type WorkflowRevisionRow,
} from '../../store/workflow-revisions.js';
import { keepRevision, publishVersion, readVersion, readVersionSource } from '../../store/workflows.js';
import type { DefinitionFault } from './check-definition.js';
import type { PublishWorkflow, PublishedWorkflow } from './publish-workflow.js';

export interface Draft {
  readonly workflow: string;
  /** Goes up with every change; its ETag. */
  readonly revision: number;
  readonly definition: Record<string, unknown>;
  /** As somebody wrote it, with comments and anchors; null: nobody did. */
  readonly yaml: string | null;
  readonly by: string;
  readonly at: Date;
  /** The version that is published now; null: none yet. */
  readonly latest: number | null;
  /** What stands in the way of publishing it or running it. */
  readonly errors: readonly DefinitionFault[];
}

/** Drafts of workflows: they may be incomplete, nobody's changes are overwritten unseen, and every save stays. */
export class Drafts {
  constructor(
    private readonly database: Database,
    private readonly publishWorkflow: PublishWorkflow,
    private readonly clock: Clock,
    private readonly policy: PublishPolicy = 'anyone',
  ) {}

  async show(workflow: string): Promise<Draft> {
    const found = await readDraft(this.database, workflow);
    if (!found?.draft) throw noDraft(workflow);
    return this.#shown(workflow, found.latest, found.draft);
  }

  /**
   * Saved again, the same content stays as it is: whoever got no answer may ask again. Without `source` the text that
   * was there, or that of the latest version, says the new definition: its comments stay.
   */
  async save(
    workflow: string,
    {
      definition,
      source: written,
      expected,
      by,
    }: { definition: Record<string, unknown>; source?: string; expected: ExpectedRevision; by: string },
  ): Promise<Draft> {
    const now = this.clock.now();
    const { latest, draft } = await this.database.transaction(async (tx) => {
      const before = await ensureDraft(tx, workflow, now);
      const isSame = before.draft !== undefined && hashJson(before.draft.definition) === hashJson(definition);
      if (isSame && (written === undefined || written === before.draft?.source))
        return { latest: before.latest, draft: before.draft };
      checkExpected(addressOf(workflow), before.draft, expected);
      const source = written ?? (await rewritten(tx, workflow, before, definition));
      const draft = await saveDraft(tx, { workflow, definition, source, by, now });
      await keepDraftRevision(tx, workflow);
      return { latest: before.latest, draft };
    });
    return this.#shown(workflow, latest, draft);
  }

  async delete(workflow: string, expected: ExpectedRevision): Promise<void> {
    await this.database.transaction(async (tx) => {
      const before = await lockDraft(tx, workflow);
      if (!before?.draft) return;
      checkExpected(addressOf(workflow), before.draft, expected);
      await removeDraft(tx, workflow);
    });
  }

  /** The draft becomes a version and is gone. Asked again, it is the version that it became. */
  async publish(
    workflow: string,
    { expected, by, note }: { expected: ExpectedRevision; by: string; note?: string },
  ): Promise<PublishedWorkflow> {
    const now = this.clock.now();
    const seen = await readDraft(this.database, workflow);
    if (!seen?.draft) return this.#published(this.database, workflow, expected);
    checkExpected(addressOf(workflow), seen.draft, expected);
    const { revision, definition, source } = seen.draft;
    const checked = await this.publishWorkflow.check(workflow, definition);
    return this.database.transaction(async (tx) => {
      // What was checked is what is published: someone may have saved meanwhile.
      const { draft } = (await lockDraft(tx, workflow))!;
      if (!draft) return this.#published(tx, workflow, revision);
      checkExpected(addressOf(workflow), draft, revision);
      const saves = await draftSavesByAuthor(tx, workflow, MOST_TURNS);
      checkPublisher(this.policy, { by, authors: saves.map((save) => save.by) });
      const of = { workflow, ...checked, revision, author: by, note: note ?? null, source, now };
      const published = await publishVersion(tx, of);
      await draftRevisionBecame(tx, workflow, { revision, version: published.version });
      await removeDraft(tx, workflow);
      return { workflow, ...published };
    });
  }

  /** What was saved, newest first. */
  revisions(
    workflow: string,
    page: { before: number | undefined; limit: number },
  ): Promise<Omit<WorkflowRevisionRow, 'definition' | 'source'>[]> {
    return listDraftRevisions(this.database, workflow, page);
  }

  async revision(
    workflow: string,
    revision: number,
  ): Promise<Omit<WorkflowRevisionRow, 'source'> & { yaml: string | null }> {
    const found = await findDraftRevision(this.database, workflow, revision);
    if (!found)
      throw new Problem({
        status: 404,
        code: 'unknown-revision',
        title: 'Unknown revision',
        detail: `Workflow "${workflow}" was never saved as revision ${revision}: GET ${addressOf(workflow)}/revisions lists them`,
      });
    const { source, ...row } = found;
    return { ...row, yaml: source };
  }

  /** What each author changed since the version that is published. */
  async changes(workflow: string): Promise<DraftChanges> {
    const { latest, draft } = (await readDraft(this.database, workflow)) ?? { latest: null };
    if (!draft) throw noDraft(workflow);
    const published = latest === null ? undefined : await readVersion(this.database, workflow, latest);
    const saves = await draftSavesByAuthor(this.database, workflow, MOST_TURNS);
    return { since: latest, authors: changesByAuthor(published?.definition, saves) };
  }

  /** What a draft that is gone became. */
  async #published(
    tx: Transaction,
    workflow: string,
    expected: ExpectedRevision,
  ): Promise<PublishedWorkflow> {
    const version = typeof expected === 'number' ? await publishedFrom(tx, workflow, expected) : undefined;
    if (version === undefined) throw noDraft(workflow);
    return { workflow, version, created: false };
  }

  /** Keeps the draft as it is now, for a run: a version that is not published. Returns its number. */
  keep(workflow: string): Promise<number> {
    return this.database.transaction((tx) => this.keepIn(tx, workflow));
  }

  async keepIn(tx: Transaction, workflow: string): Promise<number> {
    const draft = (await lockDraft(tx, workflow))?.draft;
    if (!draft) throw noDraft(workflow);
    const { revision, definition, source, by } = draft;
    const checked = await this.publishWorkflow.check(workflow, definition);
    const of = { workflow, ...checked, revision, author: by, note: null, source };
    return keepRevision(tx, { ...of, now: this.clock.now() });
  }

  async #shown(workflow: string, latest: number | null, draft: DraftRow): Promise<Draft> {
    const { revision, definition, source, by, at } = draft;
    const errors = await this.publishWorkflow.faultsOf(workflow, definition);
    return { workflow, revision, definition, yaml: source, by, at, latest, errors };
  }
}

/** What a text that is known says by now; null: none is. */
async function rewritten(
  tx: Transaction,
  workflow: string,
  { latest, draft }: WorkflowRow,
  definition: Record<string, unknown>,
): Promise<string | null> {
  const known = draft ? draft.source : latest === null ? null : await readVersionSource(tx, workflow, latest);
  return known === null ? null : rewriteYaml(known, definition);
}

function addressOf(workflow: string): string {
  return `/api/workflows/${workflow}/draft`;
}

function noDraft(workflow: string): Problem {
  return new Problem({
    status: 404,
    code: 'no-draft',
    title: 'There is no draft',
    detail: `Workflow "${workflow}" has no draft. PUT one with If-None-Match: *.`,
  });
}
