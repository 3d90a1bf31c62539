import { Button, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { DraftEditing } from '../draft/use-draft.js';
import { Failure } from '../frame/failure.js';
import { diffQuery, revisionsQuery, type Resource } from './definition-queries.js';
import { DiffView } from './diff-view.js';
import { WhereUsed } from './where-used.js';
import './definitions.css';

/** Before a version is made: what changes and by whom, where it is used, what it does to real inputs, a note. */
export function Publish({
  resource,
  id,
  draft,
  impact,
  onPublished,
}: {
  resource: Resource;
  id: string;
  draft: DraftEditing;
  /** The comparison on past inputs, where there is one. */
  impact?: ReactNode;
  onPublished: (version: number) => void;
}) {
  const [note, setNote] = useState('');
  const publish = useMutation({
    mutationFn: async () => {
      if (!(await draft.saveNow())) throw new Error('The draft could not be saved: see above');
      return draft.publish(note.trim() || undefined);
    },
    onSuccess: onPublished,
  });
  const { latest, faults } = draft;
  return (
    <div className="inside publish">
      <section aria-labelledby="publish-changes">
        <h3 id="publish-changes">1. What changes</h3>
        {latest === null ? (
          <p className="quiet">It is the first version.</p>
        ) : (
          <Changes resource={resource} id={id} latest={latest} draft={draft} />
        )}
      </section>
      <section aria-labelledby="publish-uses">
        <h3 id="publish-uses">2. Where it is used</h3>
        <WhereUsed resource={resource} id={id} />
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
        {publish.error && <Failure error={publish.error} onRetry={() => publish.mutate()} />}
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
            <Button type="submit" loading={publish.isPending} disabled={faults.length > 0}>
              Publish
            </Button>
          </div>
        </form>
      </section>
    </div>
  );
}

/** Against the version that is published, as the server compares them. */
function Changes({
  resource,
  id,
  latest,
  draft: { save },
}: {
  resource: Resource;
  id: string;
  latest: number;
  draft: DraftEditing;
}) {
  const isSaved = save.kind === 'saved';
  const at = isSaved ? save.at?.getTime() : undefined;
  const diff = useQuery({
    ...diffQuery(resource, id, { from: String(latest), to: 'draft', at }),
    enabled: isSaved,
  });
  const saves = useInfiniteQuery(revisionsQuery(resource, id)).data?.pages[0]?.revisions ?? [];
  const sinceVersion = saves.findIndex(({ version }) => version !== null);
  const authors = [...new Set((sinceVersion < 0 ? saves : saves.slice(0, sinceVersion)).map(({ by }) => by))];
  if (diff.error) return <Failure error={diff.error} onRetry={() => void diff.refetch()} />;
  if (!diff.data) return <div className="skeleton" />;
  return (
    <>
      <p className="quiet">
        Against version {latest}
        {authors.length > 0 && <>, by {authors.join(' and ')}</>}
      </p>
      <DiffView changes={diff.data.changes} />
    </>
  );
}
