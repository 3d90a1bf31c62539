import { BlockFailure, defineBlock } from '@duofactory/block-kit';
import type { ImportRows } from '../../app/sources/import-rows.js';
import { manifest } from './manifest.js';

/** Rows as outputs. Nothing outward happens, so a second attempt reads again: versions never change. */
export const importBlock = (importRows: ImportRows) =>
  defineBlock({
    ...manifest,
    execute: async ({ with: { from, course, table, ...options } }, { signal }) => {
      const reference = from === 'table' ? table : course;
      if (reference === undefined) {
        const field = from === 'table' ? 'table' : 'course';
        throw new BlockFailure('invalid-with', `with.${field} is missing: from "${from}" needs it`);
      }
      const kind = from === 'table' ? 'table' : 'course';
      return importRows.execute({ kind, reference, ...options }, signal);
    },
  });
