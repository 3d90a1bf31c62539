import { useCallback, useState } from 'react';
import { keep, readKept } from '../values/kept.js';
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

/** The values that a prompt is tried with, kept by the browser: a reload loses none. */
export function useTriedInputs(id: string): TriedInputs {
  const [{ values, from }, setTried] = useState<Tried>(() => readTried(id));
  const put = useCallback(
    (by: (known: Tried) => Tried) =>
      setTried((known) => {
        const changed = by(known);
        keep(keyOf(id), changed.values);
        keep(originKeyOf(id), changed.from);
        return changed;
      }),
    [id],
  );
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

const keyOf = (id: string): string => `duofactory-tried/${id}`;
const originKeyOf = (id: string): string => `duofactory-tried-from/${id}`;

function readTried(id: string): Tried {
  const from = readKept(originKeyOf(id));
  return {
    values: (readKept(keyOf(id)) as TriedValues | undefined) ?? {},
    ...(typeof from === 'string' ? { from } : {}),
  };
}
