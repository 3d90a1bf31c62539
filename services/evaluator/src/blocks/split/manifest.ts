import type { BlockManifest } from '@duofactory/contracts';
import { Type } from 'typebox';

export const manifest = {
  type: 'split',
  version: 1,
  title: 'Split',
  description: 'Makes a payload of each item of a list',
  input: 'each',
  output: 'many',
  timeout: '30s',
  with: Type.Object(
    {
      list: Type.Array(Type.Unknown(), { title: 'List', examples: ['{{unit.slots}}'] }),
      itemId: Type.Optional(
        Type.String({ title: 'Item id', description: 'The field that names an item; default: its place' }),
      ),
    },
    { additionalProperties: false },
  ),
} as const satisfies BlockManifest;
