import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { pastInputsQuery, type PastInput } from '../definitions/definition-queries.js';
import { Failure } from '../frame/failure.js';
import { keyText } from '../values/payload-key.js';
import { whenText } from '../values/time.js';
import { scopeOfTask } from './past-scope.js';

const REST_MS = 250;

/** The real inputs of every block that uses this prompt: one click fills all variables. */
export function PastInputs({ id, onFill }: { id: string; onFill: (scope: object, from: PastInput) => void }) {
  const [find, setFind] = useState('');
  const [asked] = useDebouncedValue(find, REST_MS);
  const past = useInfiniteQuery(pastInputsQuery('prompts', id, asked));
  const fill = useMutation({
    mutationFn: async (from: PastInput) => onFill(await scopeOfTask(from.task), from),
  });
  const inputs = past.data?.pages.flatMap((page) => page.inputs) ?? [];
  return (
    <div className="inside">
      <TextInput
        label="Find"
        placeholder="course, node, key"
        value={find}
        onChange={({ currentTarget }) => setFind(currentTarget.value)}
      />
      {fill.error && <Failure error={fill.error} />}
      {past.error && <Failure error={past.error} onRetry={() => void past.refetch()} />}
      {past.data && inputs.length === 0 && (
        <p className="quiet">
          {asked ? 'No input has this text.' : 'No run has used this prompt yet: run a workflow that does.'}
        </p>
      )}
      <ol className="version-list">
        {inputs.map((input) => (
          <li key={input.task}>
            <button
              type="button"
              className="plain"
              disabled={fill.isPending}
              onClick={() => fill.mutate(input)}
            >
              {keyText(input.key)}
            </button>
            <span className="quiet">
              {input.workflow}, {input.block} ran {input.reference}, {whenText(input.at)}
              {input.status === 'done' ? '' : `, ${input.status}`}
            </span>
          </li>
        ))}
      </ol>
      {past.hasNextPage && (
        <Button variant="default" loading={past.isFetchingNextPage} onClick={() => void past.fetchNextPage()}>
          Older ones
        </Button>
      )}
    </div>
  );
}
