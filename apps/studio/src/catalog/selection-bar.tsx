import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client.js';
import { answer } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import type { components } from '../api/schema.js';
import { Failure } from '../frame/failure.js';
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

interface SelectionBarProps {
  readonly place: Place;
  readonly filters: Filters;
  readonly selection: Selection;
  readonly episodes: readonly Episode[];
  /** How many the filters match. */
  readonly matching: number;
}

/** What may be done with the chosen episodes, and what became of it. */
export function SelectionBar({ place, filters, selection, episodes, matching }: SelectionBarProps) {
  const { environment, course } = place;
  const [asking, setAsking] = useState<Command | 'regenerate'>();
  const count = selection.isAll ? matching : selection.ids.size;
  const which: Which = selection.isAll ? { where: { course, ...filters } } : { episodes: [...selection.ids] };
  const act = useMutation({
    mutationFn: (body: Omit<ActionsBody, 'environment'>) =>
      answer(api.POST('/api/episodes/actions', { body: { environment, ...body } })),
    onSuccess: async () => {
      selection.clear();
      await queryClient.invalidateQueries({ queryKey: ['catalog'] });
    },
    onSettled: () => setAsking(undefined),
  });
  const download = useMutation({ mutationFn: () => exported(place, which) });
  const commands = COMMANDS.filter(({ action }) => action !== 'promote' || environment === 'dev');
  const chosen = episodes.filter(({ id }) => selection.has(id));
  const many = count === 1 ? '1 episode' : `${count.toLocaleString()} episodes`;
  const choose = (command: Command): void => {
    if (command.warning === undefined) act.mutate({ action: command.action, ...which });
    else setAsking(command);
  };
  return (
    <>
      <header className="selection">
        <span role="status">
          {count === 0 ? `${matching.toLocaleString()} episodes` : `${count.toLocaleString()} selected`}
        </span>
        {count === 0 && matching > 0 && (
          <span className="quiet">Select some to publish, retire or export them.</span>
        )}
        {count > 0 && (
          <>
            {!selection.isAll && count < matching && (
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
      {(act.error ?? download.error) && <Failure error={act.error ?? download.error} />}
      {act.data && (
        <Outcome
          answer={act.data}
          action={act.variables.action}
          where={ENVIRONMENT_NAMES[act.variables.action === 'promote' ? 'prod' : environment]}
          names={new Map(episodes.map(({ id, title }) => [id, title]))}
          isPending={act.isPending}
          onReplace={(ids) => act.mutate({ action: act.variables.action, episodes: ids, replace: true })}
          onClose={act.reset}
        />
      )}
    </>
  );
}

const FACTS = [
  { label: 'Node', of: ({ nodeName, node }: Episode) => nodeName ?? node },
  { label: 'Wrapper', of: ({ wrapper }: Episode) => wrapper },
  { label: 'Status', of: ({ status }: Episode) => status },
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
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file as Blob);
  link.download = `episodes-${environment}-${course}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
