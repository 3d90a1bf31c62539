import { del, get, set } from 'idb-keyval';
import type { History } from './history.js';

/**
 * What a browser keeps of a definition that is being edited: the text with its comments, and the revision of the draft
 * that it was read from. Typing survives a reload, a crash and a server that is away.
 */
export interface KeptDraft {
  readonly text: string;
  /** The draft's revision that the text is based on; null: there was none. */
  readonly revision: number | null;
  /** Whether the server has this text. */
  readonly saved: boolean;
  /** What the server had when it was typed, for a merge with what it has by then. */
  readonly base?: string | undefined;
}

/** `name`: which definition, such as `prompts/title`. */
const keyOf = (name: string): string => `duofactory-draft/${name}`;

export function readKept(name: string): KeptDraft | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(name)) ?? 'null') as KeptDraft | null;
    return kept && typeof kept.text === 'string' ? kept : undefined;
  } catch {
    return undefined;
  }
}

export function keep(name: string, draft: KeptDraft): void {
  try {
    // Written before the call returns: a reload in the middle of a word loses none of it.
    localStorage.setItem(keyOf(name), JSON.stringify(draft));
  } catch {
    // A full store keeps nothing more; the screen and the server still have it.
  }
}

export function forget(name: string): void {
  localStorage.removeItem(keyOf(name));
}

/** The steps back and forth: too large for the store above, and not as dear if the last of them is lost. */
export async function readHistory(name: string): Promise<History | undefined> {
  return get<History>(keyOf(name)).catch(() => undefined);
}

export async function keepHistory(name: string, { past, text, future }: History): Promise<void> {
  const kept: History = { past, text, future };
  const isEmpty = past.length === 0 && future.length === 0;
  await (isEmpty ? del(keyOf(name)) : set(keyOf(name), kept)).catch(() => undefined);
}
