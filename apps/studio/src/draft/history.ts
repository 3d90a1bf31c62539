/** The text with what it was before: every edit can be taken back, and brought again. */
export interface History {
  readonly past: readonly string[];
  readonly text: string;
  readonly future: readonly string[];
  /** The last edit: what goes on at its place is one step with it. */
  readonly last?: { readonly place: string; readonly at: number };
}

const MOST_STEPS = 200;
/** A rest of the hands ends a step. */
const ONE_STEP_MS = 1_000;

export const beginHistory = (text: string): History => ({ past: [], text, future: [] });

/** `place`: where it was typed; none: a step by itself. */
export function change(history: History, text: string, place?: string, at = Date.now()): History {
  if (text === history.text) return history;
  const { last, past } = history;
  const goesOn = place !== undefined && last?.place === place && at - last.at < ONE_STEP_MS;
  return {
    past: goesOn ? past : [...past, history.text].slice(-MOST_STEPS),
    ...{ text, future: [] },
    ...(place === undefined ? {} : { last: { place, at } }),
  };
}

export function undo({ past, text, future }: History): History {
  const before = past.at(-1);
  return before === undefined
    ? { past, text, future }
    : { past: past.slice(0, -1), text: before, future: [text, ...future] };
}

export function redo({ past, text, future }: History): History {
  const [next, ...rest] = future;
  return next === undefined ? { past, text, future } : { past: [...past, text], text: next, future: rest };
}

/** Every text with what came from elsewhere: a step back takes back what was typed here, and nothing of others. */
export function rebase(history: History, onto: (text: string) => string): History {
  const { past, text, future } = history;
  return { past: past.map(onto), text: onto(text), future: future.map(onto) };
}
