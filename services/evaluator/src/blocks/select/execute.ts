import { defineBlock } from '@duofactory/block-kit';
import type { Expressions } from '@duofactory/expressions';
import { rankPayloads } from '../../app/rank-payloads.js';
import { manifest } from './manifest.js';

/** Picks with `{rank, value}`, desc unless it says otherwise. */
export const selectBlock = (expressions: Expressions) =>
  defineBlock({
    ...manifest,
    execute: (task, context) => rankPayloads(expressions, task, 'desc', context),
  });
