import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { Icon } from '../frame/icons.js';
import { useKeptChoice } from '../values/kept.js';
import { forgetView, isSameSearch, savedViews, saveView, type RunsSearch } from './saved-views.js';

/** Named filters, to come back to; and a name for those that are set now. */
export function ViewsOfRuns({ search }: { search: RunsSearch }) {
  const views = useKeptChoice(savedViews);
  const [isNaming, setNaming] = useState(false);
  const current = views.find((view) => isSameSearch(view.search, search));
  const hasFilters = !isSameSearch(search, {});
  if (views.length === 0 && !hasFilters) return null;
  return (
    <div className="views" role="group" aria-label="Saved views">
      {views.map(({ name, search: of }) => (
        <span key={name} className="view">
          <Link
            to="/runs"
            search={of}
            activeProps={{}}
            aria-current={name === current?.name ? 'page' : undefined}
          >
            {name}
          </Link>
          <button
            type="button"
            className="icon"
            aria-label={`Forget the view ${name}`}
            title="Forget this view"
            onClick={() => forgetView(name)}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      {hasFilters && !current && !isNaming && (
        <Button size="compact-sm" variant="subtle" onClick={() => setNaming(true)}>
          Save this view
        </Button>
      )}
      {isNaming && <NameOfView search={search} onDone={() => setNaming(false)} />}
    </div>
  );
}

const LONGEST = 40;

function NameOfView({ search, onDone }: { search: RunsSearch; onDone: () => void }) {
  const [name, setName] = useState('');
  const [fault, setFault] = useState<string>();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const given = name.trim();
    if (given === '') return setFault('Give it a name');
    if (given.length > LONGEST) return setFault(`At most ${LONGEST} characters`);
    saveView({ name: given, search });
    onDone();
  };
  const isTaken = savedViews.value.some((view) => view.name === name.trim());
  return (
    <form className="new-view" onSubmit={submit}>
      <TextInput
        aria-label="Name of the view"
        placeholder="Failed today"
        data-autofocus
        autoFocus
        value={name}
        error={fault}
        onChange={({ currentTarget }) => {
          setName(currentTarget.value);
          setFault(undefined);
        }}
        onKeyDown={({ key }) => {
          if (key === 'Escape') onDone();
        }}
      />
      <Button type="submit" size="compact-sm">
        {isTaken ? 'Replace' : 'Save'}
      </Button>
      <Button size="compact-sm" variant="subtle" onClick={onDone}>
        Cancel
      </Button>
    </form>
  );
}
