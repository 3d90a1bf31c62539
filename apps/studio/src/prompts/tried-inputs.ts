import { useCallback, useState } from 'react';
import { keep, readKept } from '../values/kept.js';
import type { TriedValue, TriedValues } from './variables.js';

export interface TriedInputs {
  readonly tried: TriedValues;
  readonly change: (path: string, value: TriedValue) => void;
  readonly fill: (values: TriedValues) => void;
  readonly rename: (from: string, to: string) => void;
}

/** The values that a prompt is tried with, kept by the browser: a reload loses none. */
export function useTriedInputs(id: string): TriedInputs {
  const [tried, setTried] = useState<TriedValues>(() => readTried(id));
  const put = useCallback(
    (by: (known: TriedValues) => TriedValues) =>
      setTried((known) => {
        const changed = by(known);
        keep(keyOf(id), changed);
        return changed;
      }),
    [id],
  );
  return {
    tried,
    change: useCallback((path, value) => put((known) => ({ ...known, [path]: value })), [put]),
    fill: useCallback((values) => put((known) => ({ ...known, ...values })), [put]),
    rename: useCallback(
      (from, to) => put((known) => (known[from] ? { ...known, [to]: known[from] } : known)),
      [put],
    ),
  };
}

const keyOf = (id: string): string => `duofactory-tried/${id}`;

const readTried = (id: string): TriedValues => (readKept(keyOf(id)) as TriedValues | undefined) ?? {};
