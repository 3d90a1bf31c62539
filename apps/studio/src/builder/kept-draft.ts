/**
 * What a browser keeps of a workflow that is being edited: the text with its comments, and the revision of the draft
 * that it was read from. Typing survives a reload, a crash and a server that is away.
 */
export interface KeptDraft {
  readonly text: string;
  /** The draft's revision that the text is based on; null: there was none. */
  readonly revision: number | null;
  /** Whether the server has this text. */
  readonly saved: boolean;
}

const keyOf = (workflow: string): string => `duofactory-draft/${workflow}`;

export function readKept(workflow: string): KeptDraft | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(workflow)) ?? 'null') as KeptDraft | null;
    return kept && typeof kept.text === 'string' ? kept : undefined;
  } catch {
    return undefined;
  }
}

export function keep(workflow: string, draft: KeptDraft): void {
  try {
    localStorage.setItem(keyOf(workflow), JSON.stringify(draft));
  } catch {
    // A full store keeps nothing more; the screen and the server still have it.
  }
}

export function forget(workflow: string): void {
  localStorage.removeItem(keyOf(workflow));
}
