/** The text with what it was before: every edit can be taken back, and brought again. */
export interface History {
  readonly past: readonly string[];
  readonly text: string;
  readonly future: readonly string[];
}

const MOST_STEPS = 200;

export const beginHistory = (text: string): History => ({ past: [], text, future: [] });

export function change(history: History, text: string): History {
  if (text === history.text) return history;
  return { past: [...history.past, history.text].slice(-MOST_STEPS), text, future: [] };
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
