import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { actingUser } from '../api/acting-user.js';
import { api, type OpenReview } from '../api/client.js';
import { answer, faultWithin } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { reviewQuery } from '../api/queries.js';
import { Failure } from '../frame/failure.js';
import { useKeptChoice } from '../values/kept.js';
import { useTyping } from '../values/typing.js';

/** Who may decide about a review, and a way to give it to others. */
export function Assignment({ review }: { review: OpenReview }) {
  const { task, assignees } = review;
  const me = useKeptChoice(actingUser);
  /** null: nobody types. */
  const [typed, setTyped, forget] = useTyping<string | null>(`assign/${task}`, () => null);
  const close = (): void => {
    setTyped(null);
    forget();
  };
  const assign = useMutation({
    mutationFn: (names: readonly string[]) =>
      answer(
        api.PUT('/api/reviews/{task}/assignees', {
          params: { path: { task } },
          body: { assignees: [...names] },
        }),
      ),
    onSuccess: (known) => {
      queryClient.setQueryData(reviewQuery(task).queryKey, known);
      void queryClient.invalidateQueries({ queryKey: ['reviews', 'queue'] });
      // What was said to whoever looked at it before is forgotten at once, not when it is claimed anew.
      void queryClient.resetQueries({ queryKey: ['review-claim', task] });
      close();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    assign.mutate(namesIn(typed ?? ''));
  };
  if (typed === null)
    return (
      <span className="assignment">
        <span className="quiet">For {assignees.length === 0 ? 'everybody' : assignees.join(', ')}</span>
        {!assignees.includes(me) && (
          <Button
            size="compact-xs"
            variant="default"
            loading={assign.isPending}
            onClick={() => assign.mutate([...assignees, me])}
          >
            Assign to me
          </Button>
        )}
        <Button size="compact-xs" variant="default" onClick={() => setTyped(assignees.join(', '))}>
          Assign…
        </Button>
        {assign.error && <Failure error={assign.error} />}
      </span>
    );
  return (
    <form className="assignment" onSubmit={submit}>
      <TextInput
        aria-label="Who may decide: names with commas between; none: everybody"
        placeholder="everybody"
        autoFocus
        value={typed}
        error={faultWithin(assign.error, 'assignees')}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          close();
        }}
      />
      <Button type="submit" size="compact-sm" loading={assign.isPending}>
        Assign
      </Button>
      <Button size="compact-sm" variant="subtle" onClick={close}>
        Cancel
      </Button>
      {assign.error && !faultWithin(assign.error, 'assignees') && <Failure error={assign.error} />}
    </form>
  );
}

/** Nobody named: everybody may. */
export const mayDecide = (assignees: readonly string[], name: string): boolean =>
  assignees.length === 0 || assignees.includes(name);

const namesIn = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ),
];
