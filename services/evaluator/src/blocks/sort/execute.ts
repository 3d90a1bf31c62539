import { defineBlock } from '@duofactory/block-kit';
import type { Expressions } from '@duofactory/expressions';
import { rankPayloads } from '../../app/rank-payloads.js';
import { manifest } from './manifest.js';

/** Picks with `{rank, value}`, asc unless it says otherwise. */
export const sortBlock = (expressions: Expressions) =>
  defineBlock({
    ...manifest,
    execute: (task, context) => rankPayloads(expressions, task, 'asc', context),
  });
