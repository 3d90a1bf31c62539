import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client.js';
import { answer } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import type { components } from '../api/schema.js';
import { Failure } from '../frame/failure.js';
import { EPISODE_WORDS, wordFor } from '../frame/status.js';
import { saveFile } from '../values/save-file.js';
import { Outcome } from './outcome.js';
import { ENVIRONMENT_NAMES, type Episode, type Filters, type Place } from './queries.js';
import { Regenerate } from './regenerate.js';
import type { Selection } from './selection.js';

type ActionsBody = components['schemas']['EpisodeActionsBody'];
type Action = ActionsBody['action'];
/** Episodes by their ids, or all that match. */
export type Which = Pick<ActionsBody, 'episodes' | 'where'>;

interface Command {
  readonly action: Action;
  readonly label: string;
  /** What it means for readers, where that is worth a second look. */
  readonly warning?: string;
}

const COMMANDS: readonly Command[] = [
  { action: 'publish', label: 'Publish' },
  { action: 'promote', label: 'Promote to Prod', warning: 'Learners get them.' },
  { action: 'unpublish', label: 'Retire', warning: 'Their readers have them no more; versions stay.' },
  { action: 'rollback', label: 'Roll back', warning: 'Readers get the version before.' },
];

const DONE: Record<Action, string> = {
  publish: 'published in',
  promote: 'promoted to',
  unpublish: 'retired in',
  rollback: 'rolled back in',
};

interface SelectionBarProps {
  readonly place: Place;
  readonly filters: Filters;
  readonly selection: Selection;
  readonly episodes: readonly Episode[];
  /** How many the filters match, once it is known. */
  readonly matching: number | undefined;
}

const episodesText = (count: number): string =>
  count === 1 ? '1 episode' : `${count.toLocaleString()} episodes`;

/** What may be done with the chosen episodes, and what became of it. */
export function SelectionBar({ place, filters, selection, episodes, matching }: SelectionBarProps) {
  const { environment, course } = place;
  const [asking, setAsking] = useState<Command | 'regenerate'>();
  const count = selection.isAll ? (matching ?? 0) : selection.ids.size;
  const which: Which = selection.isAll ? { where: { course, ...filters } } : { episodes: [...selection.ids] };
  const act = useMutation({
    mutationFn: (body: Omit<ActionsBody, 'environment'>) =>
      answer(api.POST('/api/episodes/actions', { body: { environment, ...body } })),
    onSuccess: async () => {
      selection.clear();
      review.reset();
      await queryClient.invalidateQueries({ queryKey: ['catalog'] });
    },
    onSettled: () => setAsking(undefined),
  });
  // One press asks once about each, however often it is sent.
  const [press, setPress] = useState(() => crypto.randomUUID());
  const review = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/episodes/reviews', {
          params: { header: { 'Idempotency-Key': press } },
          body: { environment, ...which },
        }),
      ),
    onSuccess: async () => {
      setPress(crypto.randomUUID());
      selection.clear();
      act.reset();
      await queryClient.invalidateQueries({ queryKey: ['reviews', 'queue'] });
    },
  });
  const download = useMutation({ mutationFn: () => exported(place, which) });
  const commands = COMMANDS.filter(({ action }) => action !== 'promote' || environment === 'dev');
  const chosen = episodes.filter(({ id }) => selection.has(id));
  const names = new Map(episodes.map(({ id, title }) => [id, title]));
  const taken = (act.data?.results ?? []).filter(({ problem }) => problem?.['code'] === 'slot-taken');
  const error = act.error ?? review.error ?? download.error;
  const many = episodesText(count);
  const choose = (command: Command): void => {
    if (command.warning === undefined) act.mutate({ action: command.action, ...which });
    else setAsking(command);
  };
  return (
    <>
      <header className="selection">
        <span role="status">
          {count > 0
            ? `${count.toLocaleString()} selected`
            : matching !== undefined && episodesText(matching)}
        </span>
        {count === 0 && matching !== undefined && matching > 0 && (
          <span className="quiet">
            Select some to publish, review, retire or export them.
            <span className="wide-only"> Keys: J and K move, X selects, Enter opens.</span>
          </span>
        )}
        {count > 0 && (
          <>
            {!selection.isAll && matching !== undefined && count < matching && (
              <button type="button" className="plain" onClick={selection.all}>
                Select all {matching.toLocaleString()} that match
              </button>
            )}
            <button type="button" className="plain" onClick={selection.clear}>
              Clear
            </button>
            {!selection.isAll && <InCommon episodes={chosen} />}
            <span className="end actions">
              {commands.map((command) => (
                <Button
                  key={command.action}
                  variant={command.action === 'publish' ? 'filled' : 'default'}
                  loading={act.isPending && act.variables.action === command.action}
                  onClick={() => choose(command)}
                >
                  {command.label}
                </Button>
              ))}
              <Button variant="default" loading={review.isPending} onClick={() => review.mutate()}>
                Review
              </Button>
              <Button variant="default" onClick={() => setAsking('regenerate')}>
                Regenerate…
              </Button>
              <Button variant="default" loading={download.isPending} onClick={() => download.mutate()}>
                Export
              </Button>
            </span>
          </>
        )}
      </header>
      {count > 0 && typeof asking === 'object' && (
        <div className="asking" role="group" aria-label={asking.label}>
          <span>
            {asking.label}: {many}. {asking.warning}
          </span>
          <Button loading={act.isPending} onClick={() => act.mutate({ action: asking.action, ...which })}>
            {asking.label} {many}
          </Button>
          <Button variant="default" onClick={() => setAsking(undefined)}>
            Cancel
          </Button>
        </div>
      )}
      {count > 0 && asking === 'regenerate' && (
        <Regenerate
          place={place}
          filters={filters}
          runs={selection.isAll ? undefined : runsOf(chosen)}
          onClose={() => setAsking(undefined)}
        />
      )}
      {error && <Failure error={error} />}
      {review.data && (
        <Outcome
          done={`${review.data.asked.toLocaleString()} ${review.data.asked === 1 ? 'waits' : 'wait'} for a person`}
          results={review.data.results}
          names={names}
          next={review.data.asked > 0 && <Link to="/review">To Review</Link>}
          onClose={review.reset}
        />
      )}
      {act.data && (
        <Outcome
          done={`${act.data.changed.toLocaleString()} ${DONE[act.variables.action]} ${ENVIRONMENT_NAMES[act.variables.action === 'promote' ? 'prod' : environment]}`}
          unchanged={act.data.unchanged}
          results={act.data.results}
          names={names}
          next={
            taken.length > 0 && (
              <Button
                size="compact-xs"
                variant="default"
                loading={act.isPending}
                onClick={() =>
                  act.mutate({
                    action: act.variables.action,
                    episodes: taken.map(({ episode }) => episode),
                    replace: true,
                  })
                }
              >
                Replace what has {taken.length === 1 ? 'the slot' : `the ${taken.length} slots`}
              </Button>
            )
          }
          onClose={act.reset}
        />
      )}
    </>
  );
}

const FACTS = [
  { label: 'Node', of: ({ nodeName, node }: Episode) => nodeName ?? node },
  { label: 'Wrapper', of: ({ wrapper }: Episode) => wrapper },
  { label: 'Status', of: ({ status }: Episode) => wordFor(EPISODE_WORDS, status) ?? status },
] as const;

/** What chosen episodes have in common; where they differ, in how many ways. */
function InCommon({ episodes }: { episodes: readonly Episode[] }) {
  return (
    <span className="quiet in-common">
      {FACTS.map(({ label, of }) => {
        const values = new Set(episodes.map(of));
        const [first] = values;
        return (
          <span key={label}>
            {label}: {values.size === 1 ? first : `${values.size} values`}
          </span>
        );
      })}
    </span>
  );
}

function runsOf(episodes: readonly Episode[]): string[] {
  return [...new Set(episodes.flatMap(({ run }) => (run === null ? [] : [run])))];
}

/** The answer as a file of the browser's. */
async function exported({ environment, course }: Place, which: Which): Promise<void> {
  const file = await answer<unknown>(
    api.POST('/api/episodes/exports', { body: { environment, ...which }, parseAs: 'blob' }),
  );
  saveFile(`episodes-${environment}-${course}.csv`, file as Blob);
}
