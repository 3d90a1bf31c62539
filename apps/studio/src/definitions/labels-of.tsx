import { useMutation } from '@tanstack/react-query';
import { Failure } from '../frame/failure.js';
import { moveLabel, type Resource } from './definition-queries.js';

/** What workflows name versions by; others are given over the API. */
const USUAL = ['production', 'staging'];

/** The labels of a version: taken from another version, or taken away. What names the label follows from its next run on. */
export function LabelsOf({
  resource,
  id,
  version,
  labels,
}: {
  resource: Resource;
  id: string;
  version: number;
  labels: readonly string[];
}) {
  const move = useMutation({
    mutationFn: (of: { label: string; version: number | null }) => moveLabel(resource, { id, ...of }),
  });
  return (
    <>
      {labels.map((label) => (
        <span key={label} className="label">
          {label}{' '}
          <button
            type="button"
            className="plain"
            disabled={move.isPending}
            aria-label={`Take ${label} away from version ${version}`}
            onClick={() => move.mutate({ label, version: null })}
          >
            ×
          </button>
        </span>
      ))}
      <span className="actions">
        {USUAL.filter((label) => !labels.includes(label)).map((label) => (
          <button
            key={label}
            type="button"
            className="plain"
            disabled={move.isPending}
            onClick={() => move.mutate({ label, version })}
          >
            Make it {label}
            <span className="hidden">: version {version}</span>
          </button>
        ))}
      </span>
      {move.error && <Failure error={move.error} />}
    </>
  );
}
