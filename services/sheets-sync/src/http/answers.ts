import { Type } from 'typebox';

/** What the operations answer, as it arrives. */
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const Time = Type.String({ format: 'date-time' });
const Missing = Type.Object(
  {
    count: Type.Integer(),
    cells: Type.Array(Type.Object({ row: Type.Integer(), column: Type.String() }), {
      description: 'The first of them',
    }),
  },
  { title: 'MissingTexts' },
);
const Cells = Type.Unsafe<Record<string, unknown>>(
  Type.Object({}, { additionalProperties: true, description: 'By column' }),
);

const Notes = Type.Object(
  {
    count: Type.Integer(),
    notes: Type.Array(Type.Object({ place: Type.String({ examples: ['A2:A4'] }), message: Type.String() }), {
      description: 'The first of them',
    }),
  },
  {
    title: 'TableNotes',
    description: 'What a workbook shows otherwise than it was read: merged cells, hidden rows',
  },
);

const published = {
  id: Type.String(),
  version: Type.Integer(),
  created: Type.Boolean({ description: 'false: the latest version has this content already' }),
  rows: Type.Integer(),
};
export const PublishedAnswer = Type.Object(
  { ...published, notes: Type.Optional(Notes) },
  { title: 'PublishedSource' },
);
export const SyncedAnswer = Type.Object(
  {
    ...published,
    runs: Type.Optional(Type.Integer({ description: 'Asked for by its watch, if it has one' })),
    missing: Missing,
    notes: Type.Optional(Notes),
  },
  { title: 'SyncedSheet' },
);
const version = {
  id: Type.String(),
  version: Type.Integer(),
  hash: Type.String(),
  rows: Type.Integer(),
  publishedAt: Time,
};
export const TableAnswer = Type.Object(
  {
    ...version,
    head: Type.Unsafe<unknown>(Type.Object({ columns: Type.Array(Type.String()) })),
  },
  { title: 'Table' },
);
export const TablesAnswer = Type.Object({ tables: Type.Array(TableAnswer) });
export const RowsAnswer = Type.Object({
  rows: Type.Array(
    Type.Object(
      {
        ordinal: Type.Integer({ description: '1-based' }),
        value: Cells,
        variants: Type.Optional(
          Type.Record(Type.String(), Type.Array(Type.Array(Type.String())), {
            description:
              'Of a semi_fixed row, by column of a language: its alternatives, each a list of lines',
          }),
        ),
        faults: Type.Optional(
          Type.Record(Type.String(), Type.String(), {
            description: 'By column: why its text is no list of alternatives',
          }),
        ),
      },
      { title: 'TableRow' },
    ),
  ),
  next: Type.Optional(Type.Integer({ description: 'Cursor of the next page; absent on the last' })),
});
export const MissingAnswer = Missing;
export const ChangesAnswer = Type.Object(
  {
    version: Type.Integer(),
    before: Nullable(Type.Integer({ description: 'null: it is the first version' })),
    added: Type.Integer(),
    changed: Type.Integer(),
    removed: Type.Integer(),
    rows: Type.Array(
      Type.Object({
        change: Type.Enum(['added', 'changed', 'removed']),
        id: Type.String({ description: 'The value of the key column; without one its place' }),
        ordinal: Type.Integer(),
        columns: Type.Optional(Type.Array(Type.String(), { description: 'Where a changed row differs' })),
      }),
      { description: 'The first of them' },
    ),
  },
  { title: 'TableChanges' },
);
export const CoursesAnswer = Type.Object({
  courses: Type.Array(
    Type.Object(
      {
        ...version,
        head: Type.Unsafe<unknown>(
          Type.Object({
            title: Type.Optional(Type.String()),
            language: Type.String(),
            from: Type.String(),
          }),
        ),
      },
      { title: 'CourseData' },
    ),
  ),
});
export const CourseAnswer = Type.Object(
  {
    ...version,
    head: Type.Unsafe<unknown>(
      Type.Object({ title: Type.Optional(Type.String()), language: Type.String(), from: Type.String() }),
    ),
    units: Type.Array(Type.Unsafe<Record<string, unknown>>(Type.Object({}, { additionalProperties: true })), {
      description: 'Units, as they are published',
    }),
  },
  { title: 'CourseDataDetail' },
);
export const SourceAnswer = Type.Object(
  {
    id: Type.String({ description: 'Also of the table, or of the course data, that it fills' }),
    course: Nullable(
      Type.Object(
        { title: Type.String(), language: Type.String(), from: Type.String() },
        { description: 'It fills course data; null: a table' },
      ),
    ),
    range: Type.Object({
      spreadsheet: Type.String(),
      tab: Type.String(),
      columns: Type.Optional(Type.String({ description: 'Such as B:F; absent: all' })),
      headerRow: Type.Integer(),
      types: Type.Optional(Type.Record(Type.String(), Type.Enum(['text', 'number', 'boolean']))),
    }),
    setBy: Type.String(),
    setAt: Time,
    syncedAt: Nullable(Time),
  },
  { title: 'SheetSource' },
);
export const SourcesAnswer = Type.Object({ sources: Type.Array(SourceAnswer) });
export const WatchAnswer = Type.Object(
  {
    id: Type.String({ description: 'Of the source' }),
    key: Type.String({ description: 'The column that names a row' }),
    workflow: Type.String(),
    inputs: Cells,
    everyMinutes: Type.Integer(),
    mostRuns: Type.Integer(),
    paused: Type.Boolean(),
    seenVersion: Nullable(
      Type.Integer({
        description: 'Up to here each change had its run; null: the next one is the beginning',
      }),
    ),
    nextAt: Time,
    lastAt: Nullable(Time),
    lastRuns: Nullable(Type.Integer()),
    error: Nullable(Type.String({ description: 'Why the last look started nothing' })),
    refused: Type.Object(
      {
        count: Type.Integer(),
        rows: Type.Array(
          Type.Object({
            row: Type.String({ description: 'The value of the key column' }),
            ordinal: Type.Integer({ description: 'Its place in the version, 1-based' }),
            version: Type.Integer({ description: 'Of the table' }),
            change: Type.Enum(['added', 'changed']),
            code: Type.String({ examples: ['invalid-inputs'] }),
            message: Type.String({ description: 'Why it was refused its run' }),
            refusedAt: Time,
          }),
          { description: 'The first of them' },
        ),
      },
      { title: 'RefusedRows', description: 'Rows whose run was refused and not asked for again since' },
    ),
    setBy: Type.String(),
    setAt: Time,
  },
  { title: 'SheetWatch' },
);
export const RetriedAnswer = Type.Object(
  {
    runs: Type.Integer({ description: 'Asked for again' }),
    refused: Type.Integer({ description: 'Left for the next time: more than mostRuns were refused' }),
  },
  { title: 'RetriedRows' },
);
