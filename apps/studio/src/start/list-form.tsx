import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { api } from '../api/client.js';
import { answer, ApiProblem, faultOf } from '../api/problem.js';
import { rehearsalQuery, type Existing, type InputsList } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';
import { Failure } from '../frame/failure.js';
import { NumberField } from '../frame/number-field.js';
import { readNumber } from '../frame/typed-number.js';
import type { SentAs } from './sent-as.js';

/** Of a long list it is enough to know where to begin. */
const FAULTS_SHOWN = 10;

const WHOLE = { isWhole: true };

const EXISTING = [
  { value: 'all', label: 'Run all' },
  { value: 'skip', label: 'Skip those done' },
  { value: 'failed', label: 'Only those that failed' },
];

/** One workflow, or one of its versions, over many rows of inputs: a batch. */
export function ListForm(of: {
  workflow: string;
  names: readonly string[];
  text: string;
  onText: (text: string) => void;
  list: InputsList | undefined;
  /** The list is that of the text as it stands, not of what was typed a moment ago. */
  isRead: boolean;
  /** Why the text is no list, if it is none. */
  unreadable: string | undefined;
  existing: Existing;
  onExisting: (existing: Existing) => void;
  /** As they are typed. */
  limits: { readonly concurrency: string; readonly maxCost: string };
  onLimits: (limits: { readonly concurrency: string; readonly maxCost: string }) => void;
  sentAs: SentAs;
  onStarted: () => void;
}) {
  const { workflow, names, text, onText, list, isRead, unreadable, existing, onExisting } = of;
  const { limits, onLimits, sentAs, onStarted } = of;
  const { concurrency, maxCost } = limits;
  const navigate = useNavigate();
  const atOnce = readNumber(concurrency, WHOLE);
  const cap = readNumber(maxCost);
  // The same as the estimate asks: one request.
  const rehearsal = useQuery({
    ...rehearsalQuery(workflow, list ?? { items: [] }, existing),
    enabled: list !== undefined,
  });
  const start = useMutation({
    mutationFn: ({ rows, key }: { rows: InputsList; key: string }) =>
      answer(
        api.POST('/api/batches', {
          params: { header: { 'Idempotency-Key': key } },
          body: {
            ...{ workflow, existing, ...rows },
            ...(atOnce.value === undefined ? {} : { concurrency: atOnce.value }),
            ...(cap.value === undefined ? {} : { maxCost: cap.value }),
          } as never,
        }),
      ),
    onSuccess: () => {
      sentAs.answered();
      onStarted();
      void queryClient.invalidateQueries({ queryKey: ['runs'] });
      return navigate({ to: '/runs', search: { workflow: workflow.split('@')[0]! } });
    },
    onError: (error) => {
      if (error instanceof ApiProblem) sentAs.answered();
    },
  });
  const faults = unreadable === undefined ? (faultsOf(start.error) ?? faultsOf(rehearsal.error) ?? []) : [];
  // What cannot be read is not sent as if it were not said: an unread cap would be none.
  const canStart =
    isRead &&
    list !== undefined &&
    faults.length === 0 &&
    atOnce.wrong === undefined &&
    cap.wrong === undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (canStart && list) start.mutate({ rows: list, key: sentAs.key() });
  };
  const read = async (file: File | undefined): Promise<void> => {
    if (file) onText(await file.text());
  };
  return (
    <form className="stack start-list" onSubmit={submit} noValidate>
      <Textarea
        label="Rows"
        description={`CSV with a column an input (${names.join(', ') || 'none'}), or a JSON list of objects`}
        classNames={{ input: 'mono' }}
        rows={8}
        value={text}
        error={unreadable ?? faults.length > 0}
        onChange={({ currentTarget }) => onText(currentTarget.value)}
      />
      {faults.length > 0 && (
        <ul className="faults" aria-label="What is wrong with the rows">
          {faults.slice(0, FAULTS_SHOWN).map(({ field, message }) => (
            <li key={field}>
              {placeOf(field)}: {message}
            </li>
          ))}
          {faults.length > FAULTS_SHOWN && <li>and {faults.length - FAULTS_SHOWN} more</li>}
        </ul>
      )}
      <label>
        From a file{' '}
        <input
          type="file"
          accept=".csv,.json,text/csv,application/json"
          onChange={({ currentTarget }) => void read(currentTarget.files?.[0])}
        />
      </label>
      <div className="limits">
        <NativeSelect
          label="Inputs that ran before"
          data={EXISTING}
          value={existing}
          onChange={({ currentTarget }) => onExisting(currentTarget.value as Existing)}
        />
        <NumberField
          label="Runs at a time"
          description=""
          limits={WHOLE}
          text={concurrency}
          fault={faultOf(start.error, 'concurrency')}
          onText={(typed) => onLimits({ ...limits, concurrency: typed })}
        />
        <NumberField
          label="Cap in US dollars"
          placeholder="none"
          text={maxCost}
          fault={faultOf(start.error, 'maxCost')}
          onText={(typed) => onLimits({ ...limits, maxCost: typed })}
        />
      </div>
      {start.error && faults.length === 0 && <Failure error={start.error} />}
      <div>
        <Button type="submit" loading={start.isPending} disabled={!canStart}>
          Start batch
        </Button>
      </div>
    </form>
  );
}

/** What is typed: JSON where it begins as a list, else CSV. Nothing where nothing is typed, or where it is half typed: `unreadable` says why. */
export function readList(text: string): { readonly list?: InputsList; readonly unreadable?: string } {
  const typed = text.trim();
  if (typed === '') return {};
  if (!/^[[{]/.test(typed)) return { list: { csv: text } };
  try {
    const items = JSON.parse(typed) as unknown;
    if (!Array.isArray(items)) return { unreadable: 'As JSON it must be a list: [{...}, {...}]' };
    return { list: { items: items as Record<string, unknown>[] } };
  } catch (cause) {
    return { unreadable: `This is no JSON: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
}

function faultsOf(error: unknown): ApiProblem['errors'] | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const faults = error.errors.filter(({ field }) => /^(items|csv)/.test(field));
  return faults.length > 0 ? faults : undefined;
}

/** `items.3.inputs.level` is row 4, level. */
function placeOf(field: string): string {
  const [, row, , ...name] = field.split('.');
  return row === undefined
    ? 'The list'
    : `Row ${Number(row) + 1}${name.length > 0 ? `, ${name.join('.')}` : ''}`;
}
