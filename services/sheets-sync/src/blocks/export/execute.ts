import { BlockFailure, defineBlock, type Payload } from '@duofactory/block-kit';
import type { ExportedRow } from '../../app/exports/exported-row.js';
import type { ExportRows, ExportTarget } from '../../app/exports/export-rows.js';
import { SheetFailure } from '../../app/sources/spreadsheets.js';
import { manifest } from './manifest.js';

const KEY = 'key';

/** Writes the rows of a group. A second attempt finds them written: rows are known by their key, files by their bytes. */
export const exportBlock = (exportRows: ExportRows) =>
  defineBlock({
    ...manifest,
    pool: 2,
    execute: async (task, { objects, untimed, signal, workflow, block }) => {
      const { to, columns, key = KEY, spreadsheet = '', tab = '', name } = task.with;
      const paths = Object.entries(columns);
      const names = paths.map(([column]) => column);
      if (key !== KEY && !names.includes(key))
        throw new BlockFailure('invalid-with', `with.key is "${key}", which is none of with.columns`);
      const rows = async function* (): AsyncIterable<ExportedRow> {
        for await (const page of task.pages())
          for (const payload of page)
            yield {
              ...(key === KEY ? { [KEY]: payload.key } : {}),
              ...Object.fromEntries(paths.map(([column, path]) => [column, valueAt(payload, path)])),
            };
      };
      const all = key === KEY && !names.includes(KEY) ? [KEY, ...names] : names;
      const target: ExportTarget =
        to === 'google'
          ? { to, spreadsheet, tab }
          : { to, name: fileName(name ?? [workflow, block].filter(Boolean).join('-')) };
      try {
        return await exportRows.execute({ key, columns: all, rows: rows() }, target, {
          objects,
          untimed,
          signal,
        });
      } catch (error) {
        if (!(error instanceof SheetFailure)) throw error;
        const { retryable, afterMs } = error.options;
        throw new BlockFailure(error.code, error.message, {
          retryable,
          ...(afterMs === undefined ? {} : { afterMs }),
          cause: error,
        });
      }
    },
  });

/** What no file system takes in a name is a hyphen in it. */
function fileName(name: string): string {
  return name.replace(/[\u0000-\u001f\u007f"*/:<>?\\|]+/g, '-');
}

/** `script.title`: of a block's result, member by member; nothing where there is none. */
function valueAt({ blockResults }: Payload, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined,
      blockResults,
    );
}
