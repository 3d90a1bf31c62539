import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Button } from '@mantine/core';
import { isMissing } from '../api/problem.js';
import { Failure } from '../frame/failure.js';
import { whenText } from '../values/time.js';
import {
  revisionsQuery,
  revisionText,
  versionsQuery,
  versionText,
  type Drafted,
} from './definition-queries.js';
import './definitions.css';
import { LabelsOf } from './labels-of.js';

/** Versions, which never change, and every save of the draft: open one, compare it, bring it back. */
export function Versions({
  resource,
  id,
  onOpen,
  onCompare,
  onRestore,
}: {
  resource: Drafted;
  id: string;
  /** Where versions can be looked at. */
  onOpen?: (version: number) => void;
  onCompare?: (version: number) => void;
  /** Its text becomes the draft's, one step that Undo takes back. */
  onRestore: (text: string, what: string) => void;
}) {
  const versions = useQuery(versionsQuery(resource, id));
  const revisions = useInfiniteQuery(revisionsQuery(resource, id));
  const restoreVersion = useMutation({
    mutationFn: async (version: number) =>
      onRestore(await versionText(resource, id, version), `version ${version}`),
  });
  const restoreRevision = useMutation({
    mutationFn: async (revision: number) =>
      onRestore(await revisionText(resource, id, revision), `the save no. ${revision}`),
  });
  const failed = restoreVersion.error ?? restoreRevision.error;
  const saves = revisions.data?.pages.flatMap((page) => page.revisions) ?? [];
  return (
    <div className="inside">
      {failed && <Failure error={failed} />}
      <h3>Published</h3>
      {versions.error && !isMissing(versions.error) && (
        <Failure error={versions.error} onRetry={() => void versions.refetch()} />
      )}
      {(versions.data?.length === 0 || isMissing(versions.error)) && (
        <p className="quiet">Nothing is published yet.</p>
      )}
      <ol className="version-list">
        {versions.data?.map(({ version, author, publishedAt, note, labels }) => (
          <li key={version}>
            <div>
              <strong>Version {version}</strong>{' '}
              {resource === 'workflows' ? null : <LabelsOf {...{ resource, id, version, labels }} />}
            </div>
            <div className="quiet">
              {author}, {whenText(publishedAt)}
            </div>
            {note && <div>{note}</div>}
            <div className="actions">
              {onOpen && (
                <button type="button" className="plain" onClick={() => onOpen(version)}>
                  Open<span className="hidden"> version {version}</span>
                </button>
              )}
              {onCompare && (
                <button type="button" className="plain" onClick={() => onCompare(version)}>
                  Compare<span className="hidden"> version {version}</span>
                </button>
              )}
              <button type="button" className="plain" onClick={() => restoreVersion.mutate(version)}>
                Restore<span className="hidden"> version {version}</span>
              </button>
            </div>
          </li>
        ))}
      </ol>
      <h3>Saves of the draft</h3>
      {revisions.error && <Failure error={revisions.error} onRetry={() => void revisions.refetch()} />}
      {revisions.data && saves.length === 0 && <p className="quiet">Nothing was saved yet.</p>}
      <ol className="version-list">
        {saves.map(({ revision, by, at, version }) => (
          <li key={revision}>
            <div>
              No. {revision}{' '}
              <span className="quiet">
                {by}, {whenText(at)}
              </span>
              {version !== null && <span className="quiet">, became version {version}</span>}
            </div>
            <div className="actions">
              <button type="button" className="plain" onClick={() => restoreRevision.mutate(revision)}>
                Restore<span className="hidden"> the save no. {revision}</span>
              </button>
            </div>
          </li>
        ))}
      </ol>
      {revisions.hasNextPage && (
        <Button variant="default" onClick={() => void revisions.fetchNextPage()}>
          Older ones
        </Button>
      )}
    </div>
  );
}
