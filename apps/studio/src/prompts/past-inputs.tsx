import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { pastInputsQuery, type PastInput, type SoughtInputs } from '../definitions/definition-queries.js';
import { Failure } from '../frame/failure.js';
import { NumberField } from '../frame/number-field.js';
import { readNumber } from '../frame/typed-number.js';
import { keyText } from '../values/payload-key.js';
import { Score } from '../values/readable-value.js';
import { whenText } from '../values/time.js';
import { scopeOfTask } from './past-scope.js';

const REST_MS = 250;
const SCORE = { minimum: 0, maximum: 1 };

/** The real inputs of every block that uses this prompt: one click fills all variables. */
export function PastInputs({ id, onFill }: { id: string; onFill: (scope: object, from: PastInput) => void }) {
  const [find, setFind] = useState('');
  const [order, setOrder] = useState<SoughtInputs['order']>('newest');
  const [atMost, setAtMost] = useState('');
  const { value: maxScore, wrong } = readNumber(atMost, SCORE);
  const [asked] = useDebouncedValue(find, REST_MS);
  const sought = { find: asked, order, maxScore: wrong === undefined ? maxScore : undefined };
  const past = useInfiniteQuery({ ...pastInputsQuery('prompts', id, sought), enabled: wrong === undefined });
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
      <div className="past-order">
        <NativeSelect
          label="Order"
          value={order}
          onChange={({ currentTarget }) => setOrder(currentTarget.value as SoughtInputs['order'])}
          data={[
            { value: 'newest', label: 'Newest first' },
            { value: 'worst', label: 'Worst score first' },
          ]}
        />
        {order === 'worst' && (
          <NumberField
            label="Score at most"
            placeholder="0 to 1"
            description=""
            limits={SCORE}
            text={atMost}
            onText={setAtMost}
          />
        )}
      </div>
      {fill.error && <Failure error={fill.error} />}
      {past.error && <Failure error={past.error} onRetry={() => void past.refetch()} />}
      {past.data && inputs.length === 0 && <p className="quiet">{nothingSaid(sought)}</p>}
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
            {input.score !== undefined && <Score value={input.score} />}
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

function nothingSaid({ find, order, maxScore }: SoughtInputs): string {
  if (order === 'worst' && maxScore !== undefined) return 'None of the newest runs has so low a score.';
  if (find) return 'No input has this text.';
  return order === 'worst'
    ? 'No answer of this prompt was judged: put an evaluator behind it in a workflow.'
    : 'No run has used this prompt yet: run a workflow that does.';
}
