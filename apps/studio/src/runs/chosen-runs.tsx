import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client.js';
import { inPieces } from '../api/in-pieces.js';
import { answer } from '../api/problem.js';
import { matchingRunsQuery, type RunFilters } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';
import { commandsFor } from '../run/commands.js';
import type { Retried } from './retried-runs.js';

const BULK = [
  { command: 'cancel', label: 'Cancel', done: 'cancelled' },
  { command: 'retry', label: 'Retry', done: 'retried' },
] as const;

/** Runs by their ids, with the state that they are known to have. */
export type Chosen = ReadonlyMap<string, string>;

/** Commands for all that are chosen: each for those whose state allows it. */
export function ChosenRuns(of: {
  chosen: Chosen;
  filters: RunFilters;
  /** All that were read are chosen, and there are more. */
  mayGrow: boolean;
  /** Some are not in the list. */
  areOutOfSight: boolean;
  onChoose: (chosen: Chosen) => void;
  onDone: (said: string, retried?: Retried) => void;
}) {
  const { chosen, filters, mayGrow, areOutOfSight, onChoose, onDone } = of;
  const [asking, setAsking] = useState<Bulk>();
  const [given, setGiven] = useState(0);
  const matching = useQuery({ ...matchingRunsQuery(filters), enabled: mayGrow && !areOutOfSight });
  const give = useMutation({
    mutationFn: (bulk: Bulk) => giveAll(bulk, setGiven),
    onSuccess: (answers, { command, done }) => {
      const runs = answers.flatMap((one) => one.done);
      const refusals = answers.flatMap(({ refused }) => refused);
      const went = `${runs.length.toLocaleString()} ${done}`;
      const [first] = refusals;
      const said = first ? `${went}, ${refusals.length} refused: ${first.message}` : `${went}.`;
      if (command === 'retry' && runs.length > 0) onDone(said, { at: answers[0]!.at, runs });
      else onDone(said);
    },
    onSettled: () => {
      setAsking(undefined);
      void queryClient.invalidateQueries({ queryKey: ['runs'] });
    },
  });
  const choose = (bulk: Bulk): void => {
    setGiven(0);
    if (areOutOfSight) setAsking(bulk);
    else give.mutate(bulk);
  };
  const all = matching.data;
  return (
    <div className="buttons" role="group" aria-label="Chosen runs">
      <span>{chosen.size.toLocaleString()} selected</span>
      {mayGrow && !areOutOfSight && all && all.runs.length > chosen.size && (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => onChoose(new Map(all.runs.map(({ id, status }) => [id, status])))}
        >
          {all.more
            ? `Select the newest ${all.runs.length.toLocaleString()} that match`
            : `Select all ${all.runs.length.toLocaleString()} that match`}
        </Button>
      )}
      {BULK.map(({ command, label, done }) => {
        const runs = [...chosen].flatMap(([id, status]) => (commandsFor(status).includes(command) ? id : []));
        return (
          <Button
            key={command}
            size="compact-sm"
            variant="default"
            disabled={runs.length === 0 || give.isPending}
            onClick={() => choose({ command, label, done, runs })}
          >
            {label} {runs.length.toLocaleString()}
          </Button>
        );
      })}
      <Button
        size="compact-sm"
        variant="subtle"
        disabled={give.isPending}
        onClick={() => onChoose(new Map())}
      >
        Select none
      </Button>
      {asking && !give.isPending && (
        <span className="buttons" role="group" aria-label={asking.label}>
          <span>{asking.runs.length.toLocaleString()} runs, most of them not on this page.</span>
          <Button size="compact-sm" autoFocus onClick={() => give.mutate(asking)}>
            {asking.label} {asking.runs.length.toLocaleString()} runs
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setAsking(undefined)}>
            Do not
          </Button>
        </span>
      )}
      {give.isPending && (
        <span role="status">
          {given.toLocaleString()} of {give.variables.runs.length.toLocaleString()}…
        </span>
      )}
      {give.error && <span className="tone-bad">{give.error.message}</span>}
    </div>
  );
}

interface Bulk {
  readonly command: (typeof BULK)[number]['command'];
  readonly label: string;
  readonly done: string;
  readonly runs: readonly string[];
}

/** What the server answered, piece after piece. Of one that is refused it says why; the others are done. */
function giveAll({ command, runs }: Bulk, onGiven: (count: number) => void) {
  return inPieces(
    runs,
    async (some) => [await answer(api.POST('/api/runs/commands', { body: { command, runs: some } }))],
    onGiven,
  );
}
