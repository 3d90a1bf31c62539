import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { Icon } from '../frame/icons.js';
import { useKeptChoice } from '../values/kept.js';
import { useInlineEdit, type InlineEdit } from '../values/use-inline-edit.js';

import { forgetView, isSameSearch, savedViews, saveView, type RunsSearch } from './saved-views.js';

/** Named filters, to come back to; and a name for those that are set now. */
export function ViewsOfRuns({ search }: { search: RunsSearch }) {
  const views = useKeptChoice(savedViews);
  const naming = useInlineEdit('view-of-runs');
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
      {hasFilters && !current && naming.typed === undefined && (
        <Button ref={naming.opener} size="compact-sm" variant="subtle" onClick={() => naming.open('')}>
          Save this view
        </Button>
      )}
      {naming.typed !== undefined && <NameOfView search={search} name={naming.typed} naming={naming} />}
    </div>
  );
}

const LONGEST = 40;

function NameOfView({ search, name, naming }: { search: RunsSearch; name: string; naming: InlineEdit }) {
  const [fault, setFault] = useState<string>();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const given = name.trim();
    if (given === '') return setFault('Give it a name');
    if (given.length > LONGEST) return setFault(`At most ${LONGEST} characters`);
    saveView({ name: given, search });
    naming.close();
  };
  const isTaken = savedViews.value.some((view) => view.name === name.trim());
  return (
    <form className="new-view" onSubmit={submit}>
      <TextInput
        aria-label="Name of the view"
        placeholder="Failed today"
        autoFocus={naming.isPressed}
        value={name}
        error={fault}
        onChange={({ currentTarget }) => {
          naming.type(currentTarget.value);
          setFault(undefined);
        }}
        onKeyDown={({ key }) => {
          if (key === 'Escape') naming.close();
        }}
      />
      <Button type="submit" size="compact-sm">
        {isTaken ? 'Replace' : 'Save'}
      </Button>
      <Button size="compact-sm" variant="subtle" onClick={naming.close}>
        Cancel
      </Button>
    </form>
  );
}
