/** The input of a command is wrong. */
export class UsageError extends Error {}

/** Of several things that were asked for, some were refused; the others are done. */
export class RefusedInPart extends Error {}

/** The run did not end well: what `--wait` and `--once` end with. */
export class RunNotCompleted extends Error {
  constructor(
    readonly status: string,
    message: string,
  ) {
    super(message);
  }
}

/** A test of an evaluator did not reach what was asked for. */
export class TestBelowGate extends Error {}
