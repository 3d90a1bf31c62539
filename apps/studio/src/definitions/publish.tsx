import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { isNoDraft } from '../api/problem.js';
import type { DraftEditing } from '../draft/use-draft.js';
import { Failure } from '../frame/failure.js';
import { whenText } from '../values/time.js';
import { forgetTypings, useTyping } from '../values/typing.js';
import { draftChangesQuery, type Drafted } from './definition-queries.js';
import { DiffView } from './diff-view.js';
import { WhereUsed } from './where-used.js';
import { WorkflowUses } from './workflow-uses.js';
import './definitions.css';

/** What is typed for it, at its places under this one too: published, none of it holds any more. */
const placeOf = (resource: Drafted, id: string): string => `publish/${resource}/${id}`;

/** Before a version is made: what changes and by whom, where it is used, what it does to real inputs, a note. */
export function Publish({
  resource,
  id,
  draft,
  impact,
  onPublished,
}: {
  resource: Drafted;
  id: string;
  draft: DraftEditing;
  /** The comparison on past inputs, where there is one. */
  impact?: ReactNode;
  onPublished: (version: number) => void;
}) {
  const [note, setNote] = useTyping(placeOf(resource, id), () => '');
  const publish = useMutation({
    mutationFn: async () => {
      if (!(await draft.saveNow())) throw new Error('The draft could not be saved: see above');
      return draft.publish(note.trim() || undefined);
    },
    onSuccess: (version) => {
      forgetTypings(placeOf(resource, id));
      onPublished(version);
    },
  });
  const { latest, faults } = draft;
  const { differs } = useChanges(resource, id, draft);
  return (
    <div className="inside publish">
      <section aria-labelledby="publish-changes">
        <h3 id="publish-changes">1. What changes</h3>
        {latest === null ? (
          <p className="quiet">It is the first version.</p>
        ) : (
          <Changes resource={resource} id={id} draft={draft} />
        )}
      </section>
      <section aria-labelledby="publish-uses">
        <h3 id="publish-uses">2. Where it is used</h3>
        {resource === 'workflows' ? <WorkflowUses id={id} /> : <WhereUsed resource={resource} id={id} />}
        <p className="quiet">
          Runs that have begun stay with their version. New runs take the new one where nothing else is named.
        </p>
      </section>
      {impact && latest !== null && (
        <section aria-labelledby="publish-impact">
          <h3 id="publish-impact">3. What it does to past inputs</h3>
          {impact}
        </section>
      )}
      <section aria-labelledby="publish-note">
        <h3 id="publish-note">{impact && latest !== null ? 4 : 3}. Publish</h3>
        {faults.length > 0 && (
          <ul className="problems">
            {faults.map(({ field, message }, n) => (
              <li key={n}>
                <code>{field}</code> {message}
              </li>
            ))}
          </ul>
        )}
        {isNoDraft(publish.error) && <p role="alert">Nothing has changed: there is nothing to publish.</p>}
        {publish.error && !isNoDraft(publish.error) && (
          <Failure error={publish.error} onRetry={() => publish.mutate()} />
        )}
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            publish.mutate();
          }}
        >
          <TextInput
            label="Note"
            placeholder="what changed, and why"
            maxLength={500}
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
          <div>
            <Button type="submit" loading={publish.isPending} disabled={faults.length > 0 || !differs}>
              Publish
            </Button>
          </div>
        </form>
      </section>
    </div>
  );
}

/** Against the version that is published, by each who changed something: nobody's forgotten draft goes out unseen. */
function Changes({ resource, id, draft }: { resource: Drafted; id: string; draft: DraftEditing }) {
  const { changes } = useChanges(resource, id, draft);
  if (isNoDraft(changes.error))
    return <p className="quiet">Nothing differs from the version that is published.</p>;
  if (changes.error) return <Failure error={changes.error} onRetry={() => void changes.refetch()} />;
  if (!changes.data) return <div className="skeleton" />;
  const { since, authors } = changes.data;
  const names = [...new Set(authors.map(({ by }) => by))];
  return (
    <>
      <p className="quiet">
        Against version {since}
        {names.length > 0 && <>, by {names.join(' and ')}</>}
      </p>
      {authors.length === 0 && (
        <p className="quiet">
          Nothing differs but the text itself, such as its comments: version {since} gets this text, and stays
          version {since}.
        </p>
      )}
      {authors.map(({ by, at: saved, revision, changes: own }) => (
        <section key={revision} aria-label={`Changes of ${by}, ${whenText(saved)}`}>
          <h4>
            {by} <span className="quiet">{whenText(saved)}</span>
          </h4>
          <DiffView changes={own} />
        </section>
      ))}
    </>
  );
}

/** `differs`: also as long as nobody knows. */
function useChanges(resource: Drafted, id: string, { save, latest }: DraftEditing) {
  const isSaved = save.kind === 'saved';
  const at = isSaved ? save.at?.getTime() : undefined;
  const changes = useQuery({
    ...draftChangesQuery(resource, id, at),
    enabled: isSaved && latest !== null,
  });
  return { changes, differs: !isSaved || latest === null || !isNoDraft(changes.error) };
}
