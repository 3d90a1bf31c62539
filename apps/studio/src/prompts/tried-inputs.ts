import { useCallback } from 'react';
import { useTyping } from '../values/typing.js';
import type { TriedValue, TriedValues } from './variables.js';

export interface TriedInputs {
  readonly tried: TriedValues;
  /** The task whose input they were filled with. */
  readonly from: string | undefined;
  readonly change: (path: string, value: TriedValue) => void;
  /** `from`: the task whose input the values are of. */
  readonly fill: (values: TriedValues, from: string) => void;
  readonly rename: (from: string, to: string) => void;
}

interface Tried {
  readonly values: TriedValues;
  readonly from?: string;
}

const NOTHING_TRIED: Tried = { values: {} };

/** The values that a prompt is tried with, kept by the browser: a reload loses none. */
export function useTriedInputs(id: string): TriedInputs {
  const [{ values, from }, put] = useTyping<Tried>(`tried/${id}`, () => NOTHING_TRIED);
  return {
    tried: values,
    from,
    change: useCallback(
      (path, value) => put((known) => ({ ...known, values: { ...known.values, [path]: value } })),
      [put],
    ),
    fill: useCallback(
      (filled, task) => put((known) => ({ values: { ...known.values, ...filled }, from: task })),
      [put],
    ),
    rename: useCallback(
      (before, to) =>
        put((known) => {
          const value = known.values[before];
          return value ? { ...known, values: { ...known.values, [to]: value } } : known;
        }),
      [put],
    ),
  };
}
