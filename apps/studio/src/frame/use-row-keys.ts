import { useState, type FocusEvent } from 'react';
import { useKeys } from './use-keys.js';

interface RowKeys {
  /** The row that has the keys: `VirtualRows` brings it into sight. */
  readonly current: string | undefined;
  /** Of what is around the rows: keys go on from where the pointer or Tab has put the focus. */
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
}

/**
 * J and K go from row to row. `rows`: the key of each row, in their order; undefined: one that is only looked at, such as
 * the head of a group. `onEnd`: the keys are at the last row.
 */
export function useRowKeys(rows: readonly (string | undefined)[], onEnd?: () => void): RowKeys {
  const [current, setCurrent] = useState<string>();
  const loaded = rows.filter((key) => key !== undefined);
  const step = (by: number): void => {
    const at = current === undefined ? -1 : loaded.indexOf(current);
    const next = loaded[at === -1 ? 0 : Math.min(loaded.length - 1, Math.max(0, at + by))];
    if (next !== undefined) setCurrent(next);
    if (at + by >= loaded.length) onEnd?.();
  };
  useKeys({ j: () => step(1), k: () => step(-1) });
  return {
    current,
    onFocus: ({ target }) => {
      const key = rows[Number(target.closest('tr')?.dataset['index'] ?? -1)];
      if (key !== undefined) setCurrent(key);
    },
  };
}
