import { Reference, type BlockManifest } from '@duofactory/contracts';
import { Type } from 'typebox';

export const manifest = {
  type: 'import',
  version: 1,
  title: 'Import',
  description: 'Rows of a table or units of a course, each a payload of its own',
  input: 'each',
  output: 'many',
  timeout: '2m',
  with: Type.Object(
    {
      from: Type.Enum(['course-data', 'table'], { title: 'From' }),
      course: Type.Optional(
        Reference('course', { title: 'Course', description: 'Whose units; for course-data' }),
      ),
      table: Type.Optional(Reference('table', { title: 'Table', description: 'Whose rows; for table' })),
      where: Type.Optional(
        Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
          title: 'Where',
          description: 'Only rows whose columns have these values',
        }),
      ),
      rowId: Type.Optional(
        Type.String({ title: 'Row id', description: 'The column that names a row; default: its number' }),
      ),
      groupBy: Type.Optional(
        Type.String({ title: 'Group by', description: 'One payload for all rows with the same value here' }),
      ),
      required: Type.Optional(
        Type.Array(Type.String(), { title: 'Required', description: 'Columns that must be there' }),
      ),
      language: Type.Optional(
        Type.String({ title: 'Language', description: 'Of wrappers: only texts in this language' }),
      ),
      slots: Type.Optional(
        Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
          title: 'Slots',
          description:
            'Of wrappers: what stands in [subject] and the like; a slot without a value is an error then. Default: a column of its name, else the slot stays',
          examples: [{ subject: '{{unit.name}}' }],
        }),
      ),
      atLeast: Type.Optional(
        Type.Integer({
          minimum: 0,
          title: 'At least',
          description: 'Fewer rows are an error; default: none is needed',
        }),
      ),
      limit: Type.Optional(Type.Integer({ minimum: 1, title: 'Limit', description: 'At most so many rows' })),
    },
    {
      additionalProperties: false,
      allOf: ['course', 'table'].map((field) => ({
        if: {
          properties: { from: { const: field === 'course' ? 'course-data' : field } },
          required: ['from'],
        },
        then: { required: [field] },
      })),
    },
  ),
} as const satisfies BlockManifest;
