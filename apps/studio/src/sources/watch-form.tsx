import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api, type SheetWatchBody } from '../api/client.js';
import { answer, faultOf } from '../api/problem.js';
import { workflowQuery, workflowsQuery } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';
import { Failure } from '../frame/failure.js';
import { NumberField } from '../frame/number-field.js';
import { readNumber } from '../frame/typed-number.js';
import { dateText } from '../values/time.js';
import { useTyping } from '../values/typing.js';
import type { SheetWatch } from './queries.js';

const WHOLE = { isWhole: true };

/** What each changed row of a spreadsheet starts, and how often it is looked for. */
export default function WatchForm(of: { id: string; watch: SheetWatch | null; columns: readonly string[] }) {
  const { id, watch, columns } = of;
  const [form, type, forget] = useTyping(`watch/${id}`, () => ({
    workflow: watch?.workflow ?? '',
    key: watch?.key ?? columns[0] ?? '',
    everyMinutes: String(watch?.everyMinutes ?? 15),
    mostRuns: String(watch?.mostRuns ?? 500),
    typed: Object.fromEntries(
      Object.entries(watch?.inputs ?? {}).map(([name, value]) => [name, textOf(value)]),
    ),
  }));
  const { workflow, key, everyMinutes, mostRuns, typed } = form;
  const put = (part: Partial<typeof form>): void => type((known) => ({ ...known, ...part }));
  const every = readNumber(everyMinutes, WHOLE);
  const most = readNumber(mostRuns, WHOLE);
  const isUnread = every.wrong !== undefined || most.wrong !== undefined;
  const workflows = useQuery(workflowsQuery);
  const chosen = useQuery({ ...workflowQuery(workflow.split('@')[0]!), enabled: workflow !== '' });
  const declared = Object.entries(
    (chosen.data?.definition as { inputs?: Record<string, { type: string }> } | undefined)?.inputs ?? {},
  );
  const inputOf = (name: string): string => typed[name] ?? (columns.includes(name) ? `{{row.${name}}}` : '');
  const params = { path: { id } };
  const done = () => {
    forget();
    return queryClient.invalidateQueries({ queryKey: ['sources'] });
  };
  const save = useMutation({
    mutationFn: (paused: boolean) => {
      const inputs = Object.fromEntries(
        declared
          .map(([name, { type }]) => [name, valueOf(type, inputOf(name))] as const)
          .filter(([, value]) => value !== ''),
      );
      // Not said, their defaults hold.
      const body = {
        ...{ workflow, key, inputs, paused },
        ...(every.value === undefined ? {} : { everyMinutes: every.value }),
        ...(most.value === undefined ? {} : { mostRuns: most.value }),
      } as SheetWatchBody;
      return answer(api.PUT('/api/sources/{id}/watch', { params, body }));
    },
    onSuccess: done,
  });
  const stop = useMutation({
    mutationFn: () => answer(api.DELETE('/api/sources/{id}/watch', { params })),
    onSuccess: done,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isUnread) save.mutate(false);
  };
  const fault = (field: string) => {
    const message = faultOf(save.error, field);
    return message === undefined ? {} : { error: message };
  };
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {watch && <Standing watch={watch} />}
      {watch && watch.refused.count > 0 && <Refused watch={watch} />}
      <NativeSelect
        label="Each row that is added or changed starts"
        value={workflow}
        onChange={({ currentTarget }) => {
          put({ workflow: currentTarget.value, typed: {} });
        }}
        data={[
          { value: '', label: 'Choose a workflow…' },
          ...(watch && !workflows.data?.some((one) => one.id === watch.workflow) ? [watch.workflow] : []),
          ...(workflows.data ?? [])
            .filter(({ latest }) => latest !== null)
            .map(({ id: value, name }) => ({ value, label: name ?? value })),
        ]}
        {...fault('workflow')}
      />
      <NativeSelect
        label="A row is known by"
        value={key}
        onChange={({ currentTarget }) => put({ key: currentTarget.value })}
        data={columns.includes(key) || key === '' ? [...columns] : [key, ...columns]}
        {...fault('key')}
      />
      {declared.map(([name]) => (
        <TextInput
          key={name}
          label={`Input ${name}`}
          placeholder="{{row.column}}"
          value={inputOf(name)}
          onChange={({ currentTarget: { value } }) => put({ typed: { ...typed, [name]: value } })}
          {...fault(`inputs.${name}`)}
        />
      ))}
      {faultOf(save.error, 'inputs') !== undefined && (
        <p className="tone-bad" role="alert">
          {faultOf(save.error, 'inputs')}
        </p>
      )}
      <NumberField
        label="Minutes between looks"
        limits={WHOLE}
        text={everyMinutes}
        onText={(text) => put({ everyMinutes: text })}
        fault={faultOf(save.error, 'everyMinutes')}
      />
      <NumberField
        label="Most runs at once"
        description="If more rows changed, nothing is started"
        limits={WHOLE}
        text={mostRuns}
        onText={(text) => put({ mostRuns: text })}
        fault={faultOf(save.error, 'mostRuns')}
      />
      {(save.error ?? stop.error) && <Failure error={save.error ?? stop.error} />}
      <div className="source-actions">
        <Button type="submit" disabled={workflow === '' || isUnread} loading={save.isPending}>
          {watch === null ? 'Watch' : watch.paused ? 'Save and go on' : 'Save'}
        </Button>
        {watch && !watch.paused && (
          <Button variant="default" disabled={isUnread} onClick={() => save.mutate(true)}>
            Pause
          </Button>
        )}
        {watch && (
          <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
            Watch no more
          </Button>
        )}
      </div>
    </form>
  );
}

function Standing({ watch: { nextAt, lastAt, lastRuns, error, paused } }: { watch: SheetWatch }) {
  return (
    <>
      <p className="quiet" role="status">
        {paused ? 'Paused.' : `Next look ${dateText(nextAt)}.`}
        {lastAt !== null && ` Last look ${dateText(lastAt)}: ${lastRuns ?? 0} runs.`}
      </p>
      {error !== null && (
        <p className="tone-bad" role="alert">
          {error}
        </p>
      )}
    </>
  );
}

/** Rows that the workflow did not take, with the reasons. */
function Refused({ watch: { id, refused, paused } }: { watch: SheetWatch }) {
  const { count, rows } = refused;
  const retry = useMutation({
    mutationFn: () => answer(api.POST('/api/sources/{id}/watch/retry', { params: { path: { id } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['sources', 'watch', id] }),
  });
  return (
    <section className="stack" aria-label="Refused rows">
      <p className="tone-bad" role="alert">
        {count === 1
          ? '1 row was refused its run.'
          : `${count.toLocaleString()} rows were refused their runs.`}
      </p>
      <ul className="refused">
        {rows.map(({ row, ordinal, message }) => (
          <li key={row}>
            <strong>{row}</strong> <span className="quiet">row {ordinal}</span> {message}
          </li>
        ))}
        {count > rows.length && <li className="quiet">and {(count - rows.length).toLocaleString()} more</li>}
      </ul>
      <p className="quiet">
        A row is tried again when it changes, when the workflow is published anew, and when you save the
        watch.
      </p>
      {retry.error && <Failure error={retry.error} />}
      {!paused && (
        <div className="source-actions">
          <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
            Try again
          </Button>
        </div>
      )}
    </section>
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A template stays one; else what was typed, as the type of the input. The server says what does not fit. */
function valueOf(type: string, text: string): unknown {
  if (type === 'string' || text === '' || text.includes('{{')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
