/** What the process says to a script. Documented in docs/reference/cli.md. */
export const EXIT = {
  ok: 0,
  /** Something failed that is not told apart below. */
  failed: 1,
  /** A wrong option, file or input: nothing was changed by the part that is wrong. */
  invalid: 2,
  /** The server does not answer. */
  away: 3,
  /** The run ended failed or cancelled. */
  runFailed: 4,
  /** The run ended, but parts of it failed and were dropped or kept. */
  runPartial: 5,
  /** An evaluator agrees less with people than was asked for. */
  belowGate: 6,
} as const;
