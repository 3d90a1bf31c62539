import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useId, useState, type KeyboardEvent } from 'react';
import { workflowsQuery } from '../api/queries.js';
import { definitionsQuery } from '../definitions/definition-queries.js';
import { Dialog } from './dialog.js';
import { SCREENS } from './screens.js';

interface Place {
  readonly kind: string;
  readonly name: string;
  readonly path: string;
}

const MOST_SHOWN = 12;

/** Goes to a screen, a workflow, a prompt or an evaluator by some letters of its name. */
export default function GoTo({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const list = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const workflows = useQuery(workflowsQuery).data ?? [];
  const prompts = useQuery(definitionsQuery('prompts')).data ?? [];
  const evaluators = useQuery(definitionsQuery('evaluators')).data ?? [];
  const named = (kind: string, path: string, of: readonly { id: string; name?: string | null }[]): Place[] =>
    of.map(({ id, name }) => ({ kind, name: name ?? id, path: `${path}/${id}` }));
  const places: Place[] = [
    ...SCREENS.map(({ to, label }) => ({ kind: 'Screen', name: label, path: to })),
    ...named('Workflow', '/workflows', workflows),
    ...named('Prompt', '/prompts', prompts),
    ...named('Evaluator', '/evaluators', evaluators),
  ];
  const words = typed.toLowerCase().split(/\s+/);
  const fitting = places
    .filter(({ name, path }) => words.every((word) => `${name} ${path}`.toLowerCase().includes(word)))
    .slice(0, MOST_SHOWN);
  const chosen = Math.min(at, fitting.length - 1);

  const go = (place: Place | undefined): void => {
    if (!place) return;
    onClose();
    router.history.push(place.path);
  };
  const onKey = (event: KeyboardEvent): void => {
    const { key } = event;
    if (key === 'Enter') go(fitting[chosen]);
    else if (key === 'ArrowDown') setAt(Math.min(chosen + 1, fitting.length - 1));
    else if (key === 'ArrowUp') setAt(Math.max(chosen - 1, 0));
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Go to" onClose={onClose}>
      <div className="go-to">
        <input
          data-autofocus
          role="combobox"
          aria-label="Name of a screen, workflow, prompt or evaluator"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={chosen >= 0 ? `${list}-${chosen}` : undefined}
          value={typed}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
        <ul role="listbox" id={list} aria-label="Places">
          {fitting.map((place, i) => (
            // The keyboard is the input's: it names the chosen place as its active descendant.
            <li
              key={place.path}
              id={`${list}-${i}`}
              role="option"
              aria-selected={i === chosen}
              onClick={() => go(place)}
            >
              {place.name} <span className="quiet">{place.kind}</span>
            </li>
          ))}
        </ul>
        {fitting.length === 0 && <p className="empty">Nothing has such a name.</p>}
      </div>
    </Dialog>
  );
}
