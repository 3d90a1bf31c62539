import { ActionIcon, Button } from '@mantine/core';
import type { operations } from '../api/schema.js';
import { Icon } from '../frame/icons.js';

type Answer = operations['EpisodeActionsController_act']['responses'][200]['content']['application/json'];

/** More are not read one by one. */
const MOST_TOLD = 20;

const DONE: Record<string, string> = {
  publish: 'published in',
  promote: 'promoted to',
  unpublish: 'retired in',
  rollback: 'rolled back in',
};

interface OutcomeProps {
  readonly answer: Answer;
  readonly action: string;
  readonly where: string;
  readonly names: ReadonlyMap<string, string | null>;
  readonly isPending: boolean;
  readonly onReplace: (episodes: string[]) => void;
  readonly onClose: () => void;
}

/** What became of an action on many: those that were refused are told one by one, with what to do. */
export function Outcome({ answer, action, where, names, isPending, onReplace, onClose }: OutcomeProps) {
  const { changed, unchanged, refused, results } = answer;
  const refusals = results.filter(({ outcome }) => outcome === 'refused');
  const taken = refusals.filter(({ problem }) => problem?.['code'] === 'slot-taken');
  return (
    <div className={`outcome ${refused > 0 ? 'with-refusals' : ''}`} role="status" aria-label="Outcome">
      <span>
        <strong>
          {changed.toLocaleString()} {DONE[action]} {where}
        </strong>
        {unchanged > 0 && `, ${unchanged.toLocaleString()} as they were`}
        {refused > 0 && `, ${refused.toLocaleString()} refused`}.
      </span>
      {taken.length > 0 && (
        <Button
          size="compact-xs"
          variant="default"
          loading={isPending}
          onClick={() => onReplace(taken.map(({ episode }) => episode))}
        >
          Replace what has {taken.length === 1 ? 'the slot' : `the ${taken.length} slots`}
        </Button>
      )}
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
