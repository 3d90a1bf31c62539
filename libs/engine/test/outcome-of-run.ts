/** What a run came to: all that may not depend on order, batches or duplicates. */
export interface OutcomeOfRun {
  readonly status: 'completed' | 'partial' | 'failed';
  /** By block, keys in payload order with what stands there. */
  readonly payloads: Record<string, string[]>;
  /** How many tasks a block made. */
  readonly tasks: Record<string, number>;
  /** By task of an `all` block, the keys of its list in order. */
  readonly lists: Record<string, string[]>;
}
