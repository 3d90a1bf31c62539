/** What a person has done to a review and not sent yet: another review, a reload or a server that is away lose none of it. */
export interface Work {
  readonly mode: Mode;
  /** Also lines that were spoken again, which were paid for. */
  readonly edited?: Record<string, unknown>;
  /** Texts of lines that are corrected and not spoken yet, by their place. */
  readonly corrections: Readonly<Record<number, string>>;
  readonly reason: string;
  readonly comment: string;
}

/** What is being typed. */
export type Mode = 'read' | 'edit' | 'reject' | 'comment';

export const NO_WORK: Work = { mode: 'read', corrections: {}, reason: '', comment: '' };

export const placeOfWork = (task: string): string => `review/${task}`;
