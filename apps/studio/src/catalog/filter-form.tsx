import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { EPISODE_WORDS, RUN_WORDS } from '../frame/status.js';
import { readNumber } from '../frame/typed-number.js';
import { groupsQuery, nodesQuery, type Filters, type Place } from './queries.js';

const TYPING_MS = 250;
const ANY = { value: '', label: 'Any' };
/** The name of a state where two of them have the same word. */
const STATUSES = Object.entries(EPISODE_WORDS).map(([value, word]) => ({
  value,
  label: value === 'recalled' ? `${word} (recalled)` : word,
}));
const PIPELINE = ['running', 'completed', 'partial', 'failed', 'cancelled'].map((value) => ({
  value,
  label: RUN_WORDS[value]!,
}));

interface FilterFormProps {
  readonly place: Place;
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

export function FilterForm({ place, filters, onChange }: FilterFormProps) {
  const wrappers = useQuery(groupsQuery(place, {}, 'wrapper'));
  const schemas = useQuery(groupsQuery(place, {}, 'schemaVersion'));
  const nodes = useQuery(nodesQuery(place));
  const set = (change: Record<string, string | number | undefined>): void =>
    onChange(
      Object.fromEntries(
        Object.entries({ ...filters, ...change }).filter(([, value]) => value !== undefined && value !== ''),
      ),
    );
  const select = (name: keyof Filters, label: string, data: { value: string; label: string }[]) => (
    <NativeSelect
      label={label}
      value={String(filters[name] ?? '')}
      onChange={({ currentTarget: { value } }) => set({ [name]: value })}
      data={[ANY, ...data]}
    />
  );
  const levels = [...new Set((nodes.data ?? []).map(({ level }) => level))].sort();
  return (
    <form
      id="filters"
      className="panel catalog-filters"
      aria-label="Filters"
      onSubmit={(event) => event.preventDefault()}
    >
      <Typed id="filter-name" label="Name has" value={filters.name} onChange={(name) => set({ name })} />
      {select(
        'wrapper',
        'Wrapper',
        (wrappers.data ?? []).map(({ value }) => ({ value: value ?? '', label: value ?? '' })),
      )}
      {select('status', 'Status', STATUSES)}
      {select('pipelineStatus', 'Pipeline status', PIPELINE)}
      {select(
        'node',
        'Node',
        (nodes.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
      )}
      {select(
        'level',
        'Level',
        levels.map((value) => ({ value, label: value })),
      )}
      <Figure label="Slot" value={filters.slot} onChange={(slot) => set({ slot })} />
      <NativeSelect
        label="Schema version"
        value={String(filters.schemaVersion ?? '')}
        onChange={({ currentTarget: { value } }) =>
          set({ schemaVersion: value === '' ? undefined : Number(value) })
        }
        data={[
          ANY,
          ...(schemas.data ?? [])
            .filter(({ value }) => value !== null)
            .map(({ value }) => ({ value: value!, label: value! })),
        ]}
      />
      <Figure
        label="Viability from"
        value={filters.minViability}
        most={1}
        onChange={(minViability) => set({ minViability })}
      />
      <Figure
        label="Viability to"
        value={filters.maxViability}
        most={1}
        onChange={(maxViability) => set({ maxViability })}
      />
      <Button variant="default" disabled={Object.keys(filters).length === 0} onClick={() => onChange({})}>
        Clear filters
      </Button>
    </form>
  );
}

interface TypedProps<T> {
  readonly id?: string;
  readonly label: string;
  readonly value: T | undefined;
  readonly fault?: string | undefined;
  readonly onChange: (value: T | undefined) => void;
}

/** Asked for once the typing rests. */
function Typed({ id, label, value, fault, onChange }: TypedProps<string>) {
  const [typed, setTyped] = useState(value ?? '');
  const [settled] = useDebouncedValue(typed.trim(), TYPING_MS);
  useEffect(() => {
    if (settled !== (value ?? '')) onChange(settled === '' ? undefined : settled);
  }, [settled]);
  useEffect(() => setTyped(value ?? ''), [value]);
  return (
    <TextInput
      {...(id ? { id } : {})}
      label={label}
      value={typed}
      error={fault}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
    />
  );
}

function Figure({ label, value, most, onChange }: TypedProps<number> & { most?: number }) {
  const limits = most === undefined ? { isWhole: true, minimum: 0 } : { minimum: 0, maximum: most };
  const [fault, setFault] = useState<string>();
  const read = (text: string | undefined): void => {
    const figure = readNumber(text ?? '', limits);
    setFault(figure.wrong);
    if (figure.wrong === undefined) onChange(figure.value);
  };
  return (
    <Typed
      label={label}
      value={value === undefined ? undefined : String(value)}
      fault={fault}
      onChange={read}
    />
  );
}
