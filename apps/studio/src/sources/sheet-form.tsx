import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api, type SheetRangeBody } from '../api/client.js';
import { answer, faultOf } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { Failure } from '../frame/failure.js';
import { NumberField } from '../frame/number-field.js';
import { readNumber } from '../frame/typed-number.js';
import { COURSE_COLUMNS, CourseHeadFields, EMPTY_HEAD, type CourseHead } from './course-head-fields.js';
import { useTyping } from '../values/typing.js';
import type { SheetSource } from './queries.js';

const WHOLE = { isWhole: true };

type ColumnType = 'text' | 'number' | 'boolean';

interface Typed {
  readonly id: string;
  readonly spreadsheet: string;
  readonly tab: string;
  readonly columnSpan: string;
  readonly headerRow: string;
  readonly types: Readonly<Record<string, ColumnType>>;
  /** null: it is a table. */
  readonly course: CourseHead | null;
}

const typedOf = (sheet: SheetSource | undefined): Typed => ({
  id: sheet?.id ?? '',
  spreadsheet: sheet?.range.spreadsheet ?? '',
  tab: sheet?.range.tab ?? '',
  columnSpan: sheet?.range.columns ?? '',
  headerRow: String(sheet?.range.headerRow ?? 1),
  types: { ...sheet?.range.types },
  course: sheet?.course ?? null,
});

/** Which part of a spreadsheet is a table, and what its columns must be; or that it is course data. */
export default function SheetForm({
  sheet,
  columns = [],
}: {
  sheet?: SheetSource;
  columns?: readonly string[];
}) {
  const navigate = useNavigate();
  const [typed, type, forget] = useTyping<Typed>(`sheet/${sheet?.id ?? ''}`, () => typedOf(sheet));
  const { id, spreadsheet, tab, columnSpan, headerRow, types, course } = typed;
  const put = (part: Partial<Typed>): void => type((known) => ({ ...known, ...part }));
  const [isIdMissing, setIdMissing] = useState(false);
  const header = readNumber(headerRow, WHOLE);
  const save = useMutation({
    mutationFn: () =>
      answer(
        api.PUT('/api/sources/{id}', {
          params: { path: { id: id.trim() } },
          // Not said, its default holds.
          body: {
            ...{ spreadsheet: longPart(spreadsheet), tab, types },
            ...(columnSpan.trim() === '' ? {} : { columns: columnSpan.trim().toUpperCase() }),
            ...(header.value === undefined ? {} : { headerRow: header.value }),
            ...(course === null ? {} : { course }),
          } as SheetRangeBody,
        }),
      ),
    onSuccess: async (source) => {
      forget();
      await queryClient.invalidateQueries({ queryKey: ['sources'] });
      await navigate({
        to: '/sources',
        search: source.course === null ? { table: source.id } : { course: source.id },
      });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setIdMissing(id.trim() === '');
    if (id.trim() !== '' && header.wrong === undefined) save.mutate();
  };
  const fault = (field: string) => {
    const message = faultOf(save.error, field);
    return message === undefined ? {} : { error: message };
  };
  const form = (
    <form className="stack inside" onSubmit={submit} noValidate>
      {!sheet && (
        <NativeSelect
          label="What it is"
          value={course === null ? 'table' : 'course'}
          onChange={({ currentTarget }) =>
            put({ course: currentTarget.value === 'course' ? EMPTY_HEAD : null })
          }
          data={[
            { value: 'table', label: 'A table: a header row, then rows' },
            { value: 'course', label: 'Course data: rows of units' },
          ]}
        />
      )}
      {!sheet && (
        <TextInput
          label={course === null ? 'Id of the table' : 'Id of the course'}
          description="Small letters, digits and “-”"
          value={id}
          onChange={({ currentTarget }) => {
            put({ id: currentTarget.value });
            setIdMissing(false);
          }}
          {...(isIdMissing
            ? { error: course === null ? 'A table needs an id' : 'A course needs an id' }
            : fault('id'))}
        />
      )}
      <TextInput
        label="Spreadsheet"
        description="Its address, or the long part of it. Share it with the service account."
        value={spreadsheet}
        onChange={({ currentTarget }) => put({ spreadsheet: currentTarget.value })}
        {...fault('spreadsheet')}
      />
      <TextInput
        label="Tab"
        value={tab}
        onChange={({ currentTarget }) => put({ tab: currentTarget.value })}
        {...fault('tab')}
      />
      <TextInput
        label="Columns"
        description="Such as B:F; empty: all"
        value={columnSpan}
        onChange={({ currentTarget }) => put({ columnSpan: currentTarget.value })}
        {...fault('columns')}
      />
      <NumberField
        label="Header row"
        description="The row that names the columns"
        limits={WHOLE}
        text={headerRow}
        onText={(text) => put({ headerRow: text })}
        fault={faultOf(save.error, 'headerRow')}
      />
      {course !== null && (
        <>
          <p className="quiet">{COURSE_COLUMNS}</p>
          <CourseHeadFields
            head={course}
            onHead={(head) => put({ course: head })}
            faultOf={(field) => faultOf(save.error, `course.${field}`)}
          />
        </>
      )}
      {columns.length > 0 && (
        <fieldset className="types">
          <legend>What a column must be</legend>
          {columns.map((column) => (
            <NativeSelect
              key={column}
              label={column}
              value={types[column] ?? ''}
              onChange={({ currentTarget: { value } }) => {
                const { [column]: _, ...others } = types;
                put({ types: value === '' ? others : { ...others, [column]: value as ColumnType } });
              }}
              data={[{ value: '', label: 'As it is' }, 'text', 'number', 'boolean']}
              {...fault(`types.${column}`)}
            />
          ))}
        </fieldset>
      )}
      {save.error && <Failure error={save.error} />}
      <div>
        <Button type="submit" loading={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
  if (sheet) return form;
  return (
    <section className="panel" aria-label="Connect a Google Sheet">
      <header>
        <h2>Connect a Google Sheet</h2>
      </header>
      {form}
    </section>
  );
}

/** Of an address what names the spreadsheet; anything else as it is. */
function longPart(text: string): string {
  return /\/d\/([A-Za-z0-9_-]+)/.exec(text)?.[1] ?? text.trim();
}
