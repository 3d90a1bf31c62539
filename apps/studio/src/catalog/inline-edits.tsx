import { ActionIcon, Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { KeyboardEvent, ReactNode } from 'react';
import { api } from '../api/client.js';
import { answer, ApiProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { Icon } from '../frame/icons.js';
import { useInlineEdit } from '../values/use-inline-edit.js';
import type { Environment, Episode } from './queries.js';

type Change = { readonly title: string } | { readonly slot: number; readonly swap?: boolean };

/** Corrects an episode. What the server refuses stays in the field, with the reason. */
function useChange({ id, environment }: Episode, onDone: () => void) {
  return useMutation({
    mutationFn: (body: Change) =>
      answer(
        api.PATCH('/api/episodes/{id}', {
          params: { path: { id }, query: { environment: environment as Environment } },
          body,
        }),
      ),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['catalog'] });
      onDone();
    },
  });
}

const placeOf = ({ id, environment }: Episode): string => `episode/${environment}/${id}`;

/** Enter sends what was typed, Escape leaves it as it was: for nobody else. */
const keysOf = (enter: () => void, escape: () => void) => (event: KeyboardEvent) => {
  if (event.key !== 'Enter' && event.key !== 'Escape') return;
  event.preventDefault();
  event.stopPropagation();
  event.nativeEvent.stopImmediatePropagation();
  if (event.key === 'Enter') enter();
  else escape();
};

export function EpisodeName({ episode, children }: { episode: Episode; children: ReactNode }) {
  const edit = useInlineEdit(`${placeOf(episode)}/name`);
  const { typed } = edit;
  const close = (): void => {
    edit.close();
    change.reset();
  };
  const change = useChange(episode, edit.close);
  const name = episode.title ?? 'episode';
  if (typed === undefined)
    return (
      <>
        {children}
        <ActionIcon
          ref={edit.opener}
          className="edit"
          variant="subtle"
          color="gray"
          aria-label={`Rename ${name}`}
          onClick={() => edit.open(episode.title ?? '')}
        >
          <Icon name="pencil" />
        </ActionIcon>
      </>
    );
  return (
    <div className="inline-edit">
      <input
        autoFocus={edit.isPressed}
        aria-label={`Name of ${name}`}
        aria-invalid={change.isError}
        value={typed}
        maxLength={200}
        disabled={change.isPending}
        onChange={({ currentTarget }) => edit.type(currentTarget.value)}
        onKeyDown={keysOf(() => change.mutate({ title: typed }), close)}
      />
      <Button size="compact-xs" loading={change.isPending} onClick={() => change.mutate({ title: typed })}>
        Save
      </Button>
      <Button size="compact-xs" variant="default" onClick={close}>
        Cancel
      </Button>
      <Refusal error={change.error} />
    </div>
  );
}

interface Occupant {
  readonly title: string | null;
  readonly wrapper: string;
}

export function EpisodeSlot({ episode }: { episode: Episode }) {
  const edit = useInlineEdit(`${placeOf(episode)}/slot`);
  const { typed } = edit;
  const close = (): void => {
    edit.close();
    change.reset();
  };
  const change = useChange(episode, edit.close);
  const name = episode.title ?? 'episode';
  if (typed === undefined)
    return (
      <button
        type="button"
        ref={edit.opener}
        className="plain slot"
        aria-label={`Slot ${episode.slot} of ${name}: change`}
        onClick={() => edit.open(String(episode.slot))}
      >
        {episode.slot}
      </button>
    );
  const slot = /^\d{1,9}$/.test(typed.trim()) ? Number(typed) : undefined;
  const move = (swap?: true): void => {
    if (slot !== undefined) change.mutate({ slot, ...(swap ? { swap } : {}) });
  };
  const occupant = occupantIn(change.error);
  return (
    <div className="inline-edit">
      <input
        autoFocus={edit.isPressed}
        className="number"
        inputMode="numeric"
        aria-label={`Slot of ${name}`}
        aria-invalid={slot === undefined || change.isError}
        value={typed}
        disabled={change.isPending}
        onChange={({ currentTarget }) => {
          change.reset();
          edit.type(currentTarget.value);
        }}
        onKeyDown={keysOf(() => move(), close)}
      />
      {occupant && slot !== undefined ? (
        <>
          <span role="alert">
            Slot {slot} has “{occupant.title}” ({occupant.wrapper}).
          </span>
          <Button size="compact-xs" loading={change.isPending} onClick={() => move(true)}>
            Swap
          </Button>
        </>
      ) : (
        <Button
          size="compact-xs"
          loading={change.isPending}
          disabled={slot === undefined}
          onClick={() => move()}
        >
          Move
        </Button>
      )}
      <Button size="compact-xs" variant="default" onClick={close}>
        Cancel
      </Button>
      {slot === undefined && <span className="tone-bad">A whole number from 0</span>}
      {!occupant && <Refusal error={change.error} />}
    </div>
  );
}

function occupantIn(error: unknown): Occupant | undefined {
  if (!(error instanceof ApiProblem) || error.code !== 'slot-taken') return undefined;
  return error.more['occupant'] as Occupant | undefined;
}

function Refusal({ error }: { error: Error | null }) {
  if (error === null) return null;
  const told = error instanceof ApiProblem ? (error.errors[0]?.message ?? error.message) : error.message;
  return (
    <span className="tone-bad" role="alert">
      {told}
    </span>
  );
}
