/** What a person has done to a review and not sent yet. */
export interface Work {
  /** Also lines that were spoken again, which were paid for. */
  readonly edited?: Record<string, unknown>;
  readonly reason: string;
  readonly comment: string;
}

export const NO_WORK: Work = { reason: '', comment: '' };

const keyOf = (task: string): string => `duofactory-review/${task}`;

/** Kept by the browser: another review, a reload or a server that is away lose none of it. */
export function readWork(task: string): Work {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(task)) ?? 'null') as Partial<Work> | null;
    return { ...NO_WORK, ...kept };
  } catch {
    return NO_WORK;
  }
}

export function keepWork(task: string, work: Work): void {
  try {
    localStorage.setItem(keyOf(task), JSON.stringify(work));
  } catch {
    // A full store keeps nothing more; the screen still has it.
  }
}

export function forgetWork(task: string): void {
  localStorage.removeItem(keyOf(task));
}
