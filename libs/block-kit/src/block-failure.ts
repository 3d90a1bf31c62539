import type { BlockError } from '@duofactory/contracts';

export interface BlockFailureOptions {
  /** May the same request succeed later? Default false: terminal. */
  readonly retryable?: boolean;
  /** Not before so many milliseconds, as the vendor asked. */
  readonly afterMs?: number;
  /** A limit that a person can raise: the attempt does not count, and the run pauses with the reason. */
  readonly hold?: BlockError['hold'];
  /** The effect may have happened, and been paid for: nobody saw its end. */
  readonly ambiguous?: boolean;
  readonly cause?: unknown;
}

/** Why a block could not do its work. Thrown by blocks; any other error counts as retryable `internal-error`. */
export class BlockFailure extends Error {
  readonly retryable: boolean;
  readonly afterMs: number | undefined;
  readonly hold: BlockFailureOptions['hold'];
  readonly ambiguous: boolean;

  constructor(
    /** Stable, kebab-case. */
    readonly code: string,
    /** What is wrong with which thing, and what to do. */
    message: string,
    { retryable = false, afterMs, hold, ambiguous = false, cause }: BlockFailureOptions = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'BlockFailure';
    this.retryable = retryable;
    this.afterMs = afterMs;
    this.hold = hold;
    this.ambiguous = ambiguous;
  }
}
