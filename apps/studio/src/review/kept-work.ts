import { keep, readKept } from '../values/kept.js';

/** What a person has done to a review and not sent yet. */
export interface Work {
  /** Also lines that were spoken again, which were paid for. */
  readonly edited?: Record<string, unknown>;
  readonly reason: string;
  readonly comment: string;
}

const NO_WORK: Work = { reason: '', comment: '' };

const keyOf = (task: string): string => `duofactory-review/${task}`;

/** Kept by the browser: another review, a reload or a server that is away lose none of it. */
export const readWork = (task: string): Work => ({
  ...NO_WORK,
  ...(readKept(keyOf(task)) as Partial<Work> | undefined),
});

export const keepWork = (task: string, work: Work): void => keep(keyOf(task), work);

export const forgetWork = (task: string): void => keep(keyOf(task), undefined);
