import { Button, NativeSelect } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client.js';
import { answer, ApiProblem } from '../api/problem.js';
import { runQuery } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';
import { Failure } from '../frame/failure.js';
import { groupsQuery, type Filters, type Place } from './queries.js';

/** More at once are a batch, which has a cap and a pace. */
const MOST_RUNS = 50;

interface RegenerateProps {
  readonly place: Place;
  readonly filters: Filters;
  /** Of chosen episodes; absent: of all that match. */
  readonly runs: readonly string[] | undefined;
  readonly onClose: () => void;
}

interface Rerun {
  readonly of: string;
  readonly started?: string;
  readonly refused?: string;
}

/** The runs that made the episodes, again from a block on, by what is published now. */
export function Regenerate({ place, filters, runs: given, onClose }: RegenerateProps) {
  const [from, setFrom] = useState('');
  // One press is one rerun of each run, however often it is sent.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const groups = useQuery({ ...groupsQuery(place, filters, 'run'), enabled: given === undefined });
  const runs = given ?? (groups.data ?? []).flatMap(({ value }) => (value === null ? [] : [value]));
  const first = useQuery({ ...runQuery(runs[0] ?? ''), enabled: runs.length > 0 });
  const blocks = first.data?.blocks.map(({ block }) => block) ?? [];
  const start = useMutation({
    mutationFn: async (): Promise<Rerun[]> => {
      const reruns: Rerun[] = [];
      for (const id of runs) {
        const header = { 'Idempotency-Key': `${key}/${id}/${from}` };
        const body = { version: 'latest', from };
        try {
          const rerun = await answer(
            api.POST('/api/runs/{id}/reruns', { params: { path: { id }, header }, body }),
          );
          reruns.push({ of: id, started: rerun.id });
        } catch (error) {
          if (!(error instanceof ApiProblem)) throw error;
          reruns.push({ of: id, refused: error.message });
        }
      }
      return reruns;
    },
    onSuccess: () => {
      setKey(crypto.randomUUID());
      void queryClient.invalidateQueries({ queryKey: ['runs'] });
    },
  });
  const count = runs.length === 1 ? '1 run' : `${runs.length} runs`;
  const isTooMany = runs.length > MOST_RUNS;
  return (
    <div className="asking" role="group" aria-label="Regenerate">
      {groups.error && <Failure error={groups.error} onRetry={() => void groups.refetch()} />}
      {first.error && <Failure error={first.error} onRetry={() => void first.refetch()} />}
      <span>
        {runs.length === 0
          ? 'No run is known to have made these.'
          : isTooMany
            ? `${count} made these: narrow them down to ${MOST_RUNS}, or start a batch.`
            : `${count} made these, each with all of its episodes. Calls that are the same are not paid again.`}
      </span>
      <NativeSelect
        aria-label="From block"
        value={from}
        onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        data={[{ value: '', label: 'From block…' }, ...blocks]}
      />
      <Button
        loading={start.isPending}
        disabled={from === '' || runs.length === 0 || isTooMany}
        onClick={() => start.mutate()}
      >
        Regenerate by {count}
      </Button>
      <Button variant="default" onClick={onClose}>
        Close
      </Button>
      {start.error && <Failure error={start.error} />}
      {start.data && (
        <ul role="status">
          {start.data.map(({ of, started, refused }) => (
            <li key={of}>
              {started === undefined ? (
                <span className="tone-bad">{refused}</span>
              ) : (
                <Link to="/runs/$id" params={{ id: started }} search={{}}>
                  Run <code>{started.slice(0, 8)}</code> began
                </Link>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
