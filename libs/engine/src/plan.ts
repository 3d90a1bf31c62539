/**
 * The compiled form of a workflow definition: everything that is static about it, worked out once.
 *
 * Words: a *segment* is one `block=label` of a key. A block's *signature* lists the blocks whose segments the keys
 * of its payloads have, in plan order. A *scope* is the signature of the groups that a waiting block waits for.
 */
export interface Plan {
  /** In plan order. */
  readonly blocks: readonly PlannedBlock[];
  readonly byId: ReadonlyMap<string, PlannedBlock>;
  readonly maxPayloads: number;
}

export interface PlannedNeed {
  readonly block: string;
  readonly optional: boolean;
}

export interface PlannedBlock {
  /** Position in plan order. */
  readonly index: number;
  readonly id: string;
  readonly type: string;
  readonly typeVersion: number;
  readonly input: 'each' | 'all';
  readonly output: 'one' | 'many' | 'pick';
  /** Runs `times` times a payload. */
  readonly samples: boolean;
  readonly times: number;
  /** Adds a segment of its own to every key. */
  readonly forks: boolean;
  readonly needs: readonly PlannedNeed[];
  /** Segments of the keys of its payloads. */
  readonly signature: readonly string[];
  /** Segments of the keys of its tasks: the joined needs' for `each`, the scope's for `all`. */
  readonly taskSignature: readonly string[];
  /** What its groups are keyed by; undefined: it never waits. */
  readonly scope: readonly string[] | undefined;
  /** Waiting blocks with more than one need: the segments that all needs share. Empty else. */
  readonly match: readonly string[];
  readonly per: string | undefined;
  readonly cross: boolean;
  readonly when: string | undefined;
  readonly repeat: PlannedRepeat | undefined;
  /** The block that repeats, for one inside its loop. */
  readonly loop: string | undefined;
  readonly onError: 'fail' | 'drop' | 'keep';
  readonly minSuccess: MinSuccess | undefined;
  readonly retry: { readonly attempts: number; readonly baseMs: number; readonly capMs: number };
  readonly timeoutMs: number;
  readonly deadlineMs: number | undefined;
  readonly concurrency: number;
  /** The configuration as written. */
  readonly with: Readonly<Record<string, unknown>>;
  /** Ids of all blocks above, in plan order. */
  readonly above: readonly string[];
  /** Ids of the blocks that name this one in `needs`, in plan order. */
  readonly below: readonly string[];
  /** Waiting blocks below (transitively) whose groups may count open work at this block, in plan order. */
  readonly countedBy: readonly string[];
  /**
   * Blocks whose results a payload of this block sees, its own first, then upward. `guards`: optional needs on the
   * way that must have a payload with the key (any one list all of whose members hold is enough).
   */
  readonly sees: readonly { readonly block: string; readonly guards: readonly (readonly string[])[] }[];
  /** Blocks whose results its tasks' input may name: as `sees`, without itself (an `all` block: what its group's payload of `per` sees). */
  readonly reads: readonly string[];
}

export interface PlannedRepeat {
  readonly from: string;
  readonly until: string | undefined;
  readonly rounds: number;
  readonly otherwise: 'drop' | 'keep' | 'fail';
  /** Blocks between, `from` included, in plan order; E itself left out. */
  readonly body: readonly string[];
}

export type MinSuccess = { readonly share: number } | { readonly count: number };

/** One reason why a definition is refused. */
export interface Refusal {
  readonly code: string;
  readonly block: string;
  /** The field of the block, where one is at fault. */
  readonly field?: string;
  readonly message: string;
}
