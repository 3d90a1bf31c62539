/** Something that did not come as a scenario's file says. */
export interface Difference {
  readonly what: string;
  readonly expected: unknown;
  readonly got: unknown;
}
