import type { BlockManifest } from '@duofactory/contracts';
import { Type } from 'typebox';
import { RankingFields } from '../../app/rank-payloads.js';

export const manifest = {
  type: 'select',
  version: 1,
  title: 'Select',
  description: 'Keeps the best payloads of a group: those that pass, ordered, the top ones',
  input: 'all',
  output: 'pick',
  reads: 'all',
  raw: ['where', 'by'],
  timeout: '1m',
  with: Type.Object(RankingFields, { additionalProperties: false }),
} as const satisfies BlockManifest;
