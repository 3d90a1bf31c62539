import { useCallback } from 'react';
import { useTyping } from '../values/typing.js';
import { isEmptyValue, type TriedValue, type TriedValues } from './variables.js';

export interface TriedInputs {
  readonly tried: TriedValues;
  /** The task whose input they were filled with. */
  readonly from: string | undefined;
  /** Whether what a person had typed gave way to a past input. */
  readonly hasTypedBefore: boolean;
  readonly change: (path: string, value: TriedValue) => void;
  /** `from`: the task whose input the values are of. */
  readonly fill: (values: TriedValues, from: string) => void;
  /** Of no task any more; the values stay. */
  readonly forgetFrom: () => void;
  readonly bringBack: () => void;
  readonly forgetTypedBefore: () => void;
  readonly rename: (from: string, to: string) => void;
}

interface Tried {
  readonly values: TriedValues;
  readonly from?: string | undefined;
  /** Whether a person typed some of it. */
  readonly isTyped?: boolean;
  /** What was typed and gave way to a past input, the oldest first. */
  readonly before?: readonly TriedValues[];
}

const NOTHING_TRIED: Tried = { values: {} };
const MOST_BEFORE = 10;

/** The values that a prompt is tried with, kept by the browser: a reload loses none. */
export function useTriedInputs(id: string): TriedInputs {
  const [{ values, from, before = [] }, put] = useTyping<Tried>(`tried/${id}`, () => NOTHING_TRIED);
  return {
    tried: values,
    from,
    hasTypedBefore: before.length > 0,
    change: useCallback(
      (path, value) =>
        put((known) => ({ ...known, values: { ...known.values, [path]: value }, isTyped: true })),
      [put],
    ),
    fill: useCallback((filled, task) => put((known) => filledWith(known, filled, task)), [put]),
    forgetFrom: useCallback(() => put((known) => ({ ...known, from: undefined })), [put]),
    bringBack: useCallback(() => put(broughtBack), [put]),
    forgetTypedBefore: useCallback(() => put((known) => ({ ...known, before: [] })), [put]),
    rename: useCallback(
      (path, to) =>
        put((known) => ({
          ...known,
          values: renamed(known.values, path, to),
          before: (known.before ?? []).map((one) => renamed(one, path, to)),
        })),
      [put],
    ),
  };
}

function filledWith(known: Tried, filled: TriedValues, task: string): Tried {
  const { values, isTyped = false, before = [] } = known;
  const gives = Object.entries(filled).some(([path, value]) => {
    const typed = values[path];
    return typed && !isEmptyValue(typed) && JSON.stringify(typed) !== JSON.stringify(value);
  });
  return {
    values: { ...values, ...filled },
    from: task,
    isTyped: isTyped && !gives,
    before: isTyped && gives ? [...before, values].slice(-MOST_BEFORE) : before,
  };
}

/** The newest; what was typed since then is the last to be brought back in its turn. */
function broughtBack(known: Tried): Tried {
  const { values, isTyped = false, before = [] } = known;
  const newest = before.at(-1);
  if (!newest) return known;
  const older = before.slice(0, -1);
  return { ...known, values: newest, isTyped: true, before: isTyped ? [values, ...older] : older };
}

function renamed(values: TriedValues, path: string, to: string): TriedValues {
  const value = values[path];
  return value ? { ...values, [to]: value } : values;
}
