import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SaveState } from '../draft/use-draft.js';
import { Failure } from '../frame/failure.js';
import { diffQuery, type Resource } from './definition-queries.js';
import { DiffView } from './diff-view.js';

/** A version beside another one, or beside the draft once it is saved. */
export function Compared({
  resource,
  id,
  from,
  to,
  save,
  onClose,
}: {
  resource: Resource;
  id: string;
  from: number;
  to: number | undefined;
  save: SaveState;
  onClose: () => void;
}) {
  const isDraft = to === undefined;
  const at = isDraft && save.kind === 'saved' ? save.at?.getTime() : undefined;
  const diff = useQuery({
    ...diffQuery(resource, id, { from: String(from), to: isDraft ? 'draft' : String(to), at }),
    enabled: !isDraft || save.kind === 'saved',
  });
  return (
    <section className="panel" aria-labelledby="compared">
      <header>
        <h2 id="compared">
          Version {from} and {isDraft ? 'the draft' : `version ${to}`}
        </h2>
        <Button className="end" variant="default" onClick={onClose}>
          Close
        </Button>
      </header>
      <div className="inside">
        {diff.error && <Failure error={diff.error} onRetry={() => void diff.refetch()} />}
        {!diff.data && !diff.error && <div className="skeleton" />}
        {diff.data && <DiffView changes={diff.data.changes} />}
      </div>
    </section>
  );
}
