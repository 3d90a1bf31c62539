import type { BlockManifest } from '@duofactory/contracts';
import { Type } from 'typebox';

export const manifest = {
  type: 'export',
  version: 1,
  title: 'Export',
  description: 'Payloads as rows: to a Google spreadsheet, or as a CSV, XLSX or JSONL file',
  input: 'all',
  output: 'one',
  reads: 'all',
  timeout: '10m',
  with: Type.Object(
    {
      to: Type.Enum(['google', 'csv', 'xlsx', 'jsonl'], { title: 'To' }),
      columns: Type.Record(Type.String({ minLength: 1 }), Type.String({ minLength: 1 }), {
        minProperties: 1,
        title: 'Columns',
        description: 'By column, the path of its value in a payload, such as title.title',
        examples: [{ title: 'title.title', score: 'viability.score' }],
      }),
      key: Type.Optional(
        Type.String({
          title: 'Key',
          description: 'The column that names a row for ever; default: "key", the key of the payload',
        }),
      ),
      name: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 120,
          title: 'Name',
          description: 'Of the file, without its ending; default: the workflow and the block',
        }),
      ),
      spreadsheet: Type.Optional(
        Type.String({ title: 'Spreadsheet', description: 'The long part of its address; for google' }),
      ),
      tab: Type.Optional(Type.String({ title: 'Tab', description: 'For google' })),
    },
    {
      additionalProperties: false,
      allOf: [
        {
          if: { properties: { to: { const: 'google' } }, required: ['to'] },
          then: { required: ['spreadsheet', 'tab'] },
        },
      ],
    },
  ),
} as const satisfies BlockManifest;
