import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { api, type Schedule } from '../api/client.js';
import { answer, faultOf } from '../api/problem.js';
import { Failure } from '../frame/failure.js';
import { InputFields, readInputs, textOf, type Declared } from '../start/input-fields.js';
import { idFault } from '../values/kebab-id.js';
import { useTyping } from '../values/typing.js';
import { Times } from './start-times.js';
import { changedSchedules, timesQuery } from './starts-queries.js';
import { VersionToStart } from './version-to-start.js';
import { ownTimeZone, timeZones } from './zoned-time.js';

/** While a person types, the times wait. */
const RESTS_MS = 300;

/** When runs start by the clock, and with what. Its next times are told before it is one. */
export function ScheduleForm({
  workflow,
  declared,
  schedule,
  onClose,
}: {
  workflow: string;
  declared: Declared;
  schedule: Schedule | undefined;
  onClose: () => void;
}) {
  const zones = useId();
  const [typed, type, forget] = useTyping(`schedule/${workflow}/${schedule?.id ?? ''}`, () => ({
    id: schedule?.id ?? '',
    reference: schedule?.workflow ?? workflow,
    cron: schedule?.cron ?? '0 6 * * 1-5',
    timeZone: schedule?.timeZone ?? ownTimeZone(),
    missed: schedule?.missed ?? 'skip',
    texts: Object.fromEntries(
      declared.map(([name, { default: value }]) => [name, textOf(schedule?.inputs[name] ?? value)]),
    ),
  }));
  const { id, reference, cron, timeZone, missed, texts } = typed;
  const put = (part: Partial<typeof typed>): void => type((known) => ({ ...known, ...part }));
  const close = (): void => {
    forget();
    onClose();
  };
  const [unreadable, setUnreadable] = useState<Record<string, string>>({});
  const [settled] = useDebouncedValue({ cron, timeZone }, RESTS_MS);
  const times = useQuery(timesQuery(settled.cron, settled.timeZone));
  const save = useMutation({
    mutationFn: (inputs: Record<string, unknown>) => {
      const header = schedule ? {} : { 'If-None-Match': '*' };
      const body = { workflow: reference, inputs, cron, timeZone, missed, paused: schedule?.paused ?? false };
      return answer(api.PUT('/api/schedules/{id}', { params: { path: { id }, header }, body }));
    },
    onSuccess: async () => {
      await changedSchedules();
      close();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { values, faults } = readInputs(declared, texts);
    setUnreadable(faults);
    if (Object.keys(faults).length === 0 && id !== '' && idFault(id) === undefined) save.mutate(values);
  };
  const said = (field: string): string | undefined =>
    faultOf(times.error, field) ?? faultOf(save.error, field);
  const ofInput = (name: string): string | undefined =>
    unreadable[name] ?? faultOf(save.error, `inputs.${name}`);
  const isAtField = ['id', 'workflow', 'cron', 'timeZone'].some((field) => said(field) !== undefined);
  const isAtInput = declared.some(([name]) => ofInput(name) !== undefined);
  return (
    <form
      className="stack"
      aria-label={schedule ? `Schedule ${schedule.id}` : 'New schedule'}
      onSubmit={submit}
      noValidate
    >
      {!schedule && (
        <TextInput
          label="Id"
          placeholder={`${workflow}-daily`}
          withAsterisk
          value={id}
          error={idFault(id) ?? faultOf(save.error, 'id')}
          onChange={({ currentTarget }) => put({ id: currentTarget.value })}
        />
      )}
      <TextInput
        label="Times"
        description="Minute, hour, day, month, weekday; or one time: 2040-12-24T18:00:00"
        classNames={{ input: 'mono' }}
        value={cron}
        error={said('cron')}
        onChange={({ currentTarget }) => put({ cron: currentTarget.value })}
      />
      <TextInput
        label="Time zone"
        list={zones}
        value={timeZone}
        error={said('timeZone')}
        onChange={({ currentTarget }) => put({ timeZone: currentTarget.value })}
      />
      <datalist id={zones}>
        {timeZones().map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      {times.data && (
        <div>
          Next <Times times={times.data} timeZone={settled.timeZone} label="Next times" />
        </div>
      )}
      <VersionToStart
        workflow={workflow}
        reference={reference}
        fault={said('workflow')}
        onChange={(next) => put({ reference: next })}
      />
      <InputFields
        declared={declared}
        texts={texts}
        faultAt={ofInput}
        onChange={(name, text) => {
          put({ texts: { ...texts, [name]: text } });
          setUnreadable(({ [name]: _, ...rest }) => rest);
        }}
      />
      <NativeSelect
        label="Times missed while nothing ran"
        value={missed}
        onChange={({ currentTarget }) => put({ missed: currentTarget.value as 'skip' | 'run' })}
        data={[
          { value: 'skip', label: 'Start the last of them' },
          { value: 'run', label: 'Start all of them' },
        ]}
      />
      {save.error && !isAtField && !isAtInput && <Failure error={save.error} />}
      <div className="actions">
        <Button type="submit" loading={save.isPending}>
          {schedule ? 'Save schedule' : 'Make schedule'}
        </Button>
        <Button variant="default" onClick={close}>
          Close
        </Button>
      </div>
    </form>
  );
}
