import { ActionIcon } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../frame/icons.js';

/** More are not read one by one. */
const MOST_TOLD = 20;

/** What became of one episode, as the server tells it. */
export interface EpisodeResult {
  readonly episode: string;
  readonly outcome: string;
  readonly problem?: Record<string, unknown>;
}

interface OutcomeProps {
  /** What was done, in words. */
  readonly done: string;
  /** How many were as they are asked to be before. */
  readonly unchanged?: number;
  readonly results: readonly EpisodeResult[];
  readonly names: ReadonlyMap<string, string | null>;
  /** What may be done next. */
  readonly next?: ReactNode;
  readonly onClose: () => void;
}

/** What became of an action on many: those that were refused are told one by one, with what to do. */
export function Outcome({ done, unchanged = 0, results, names, next, onClose }: OutcomeProps) {
  const refusals = results.filter(({ outcome }) => outcome === 'refused');
  return (
    <div
      className={`outcome ${refusals.length > 0 ? 'with-refusals' : ''}`}
      role="status"
      aria-label="Outcome"
    >
      <span>
        <strong>{done}</strong>
        {unchanged > 0 && `, ${unchanged.toLocaleString()} as they were`}
        {refusals.length > 0 && `, ${refusals.length.toLocaleString()} refused`}.
      </span>
      {next}
      <ActionIcon className="end" variant="subtle" color="gray" aria-label="Dismiss" onClick={onClose}>
        <Icon name="close" />
      </ActionIcon>
      {refusals.length > 0 && (
        <ul>
          {refusals.slice(0, MOST_TOLD).map(({ episode, problem }) => (
            <li key={episode}>
              <strong>{names.get(episode) ?? episode}</strong>: {reasonIn(problem ?? {})}
            </li>
          ))}
          {refusals.length > MOST_TOLD && <li>and {refusals.length - MOST_TOLD} more</li>}
        </ul>
      )}
    </div>
  );
}

function reasonIn(problem: Record<string, unknown>): string {
  const occupant = problem['occupant'] as { slot: number; title: string; wrapper: string } | undefined;
  if (problem['code'] === 'slot-taken' && occupant)
    return `slot ${occupant.slot} has “${occupant.title}” (${occupant.wrapper})`;
  return typeof problem['detail'] === 'string' ? problem['detail'] : 'refused';
}
