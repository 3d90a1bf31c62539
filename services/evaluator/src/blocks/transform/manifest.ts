import type { BlockManifest } from '@duofactory/contracts';
import { Type } from 'typebox';

export const manifest = {
  type: 'transform',
  version: 1,
  title: 'Transform',
  description: 'Computes a result from the ones above, by a JSONata expression',
  input: 'each',
  output: 'one',
  reads: 'all',
  raw: ['expression'],
  timeout: '30s',
  with: Type.Object(
    {
      expression: Type.String({
        format: 'expression',
        minLength: 1,
        title: 'Expression',
        examples: ['{ "lines": $count(script.lines) }'],
      }),
    },
    { additionalProperties: false },
  ),
} as const satisfies BlockManifest;
