import type { BlockManifest } from '@duofactory/contracts';
import { Type } from 'typebox';
import { RankingFields } from '../../app/rank-payloads.js';

export const manifest = {
  type: 'sort',
  version: 1,
  title: 'Sort',
  description: 'Brings the payloads of a group into an order',
  input: 'all',
  output: 'pick',
  reads: 'all',
  raw: ['where', 'by'],
  timeout: '1m',
  with: Type.Object(RankingFields, { additionalProperties: false }),
} as const satisfies BlockManifest;
