import { del, get, set } from 'idb-keyval';
import { keep, readKept } from '../values/kept.js';
import { keepTyping, readTyping, typingsLeft } from '../values/typing.js';
import type { History } from './history.js';

/**
 * What a browser keeps of a definition that is being edited: the text with its comments, and the revision of the draft
 * that it was read from. Typing survives a reload, a crash and a server that is away; each tab has its own.
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
const placeOf = (name: string): string => `draft/${name}`;

/** What this tab has not saved, or a tab that is gone; else what was saved last in this browser. */
export function readKeptDraft(name: string): KeptDraft | undefined {
  const kept = (readTyping(placeOf(name)) ?? readKept(keyOf(name))) as KeptDraft | undefined;
  return typeof kept?.text === 'string' ? kept : undefined;
}

/** Each tab keeps its own until the server has it. */
export function keepDraft(name: string, draft: KeptDraft): void {
  keepTyping(placeOf(name), draft.saved ? undefined : draft);
  if (draft.saved) keep(keyOf(name), draft);
}

/** It is as it was saved. */
export const nothingTyped = (name: string): void => keepTyping(placeOf(name), undefined);

/** How many more tabs that are gone left something that was not saved. */
export const draftsLeft = (name: string): number => typingsLeft(placeOf(name));

/** The steps back and forth: too large for the store above, and not as dear if the last of them is lost. */
export async function readHistory(name: string): Promise<History | undefined> {
  return get<History>(keyOf(name)).catch(() => undefined);
}

export async function keepHistory(name: string, { past, text, future }: History): Promise<void> {
  const kept: History = { past, text, future };
  const isEmpty = past.length === 0 && future.length === 0;
  await (isEmpty ? del(keyOf(name)) : set(keyOf(name), kept)).catch(() => undefined);
}
