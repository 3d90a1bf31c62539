/** The rows of a run's state that `decide` reads and makes. */

export interface TaskRow {
  readonly id: string;
  readonly block: string;
  /** Of its payload (`each`) or group (`all`). */
  readonly key: string;
  readonly ord: readonly number[];
  /** From 1; the round for an `all` block in a loop. */
  readonly sample: number;
  /** How many payloads an `all` task's list has. */
  readonly payloads?: number;
}

/** A task to insert. Without a status it is requested as soon as its block's concurrency allows. */
export interface NewTask extends TaskRow {
  readonly status?: 'evaluating' | 'failed' | 'dropped' | 'kept';
  readonly error?: TaskError;
}

export interface WaitingRow {
  readonly block: string;
  /** The group's key. */
  readonly group: string;
  /** The block it came from. */
  readonly need: string;
  readonly key: string;
  readonly ord: readonly number[];
  /** It stands for so many of its need, where their number is all that matters; its key is the group's. */
  readonly count?: number;
}

export interface ResultRow {
  readonly block: string;
  readonly key: string;
  readonly ord: readonly number[];
  readonly state: 'ok' | 'passed' | 'error';
  readonly value: unknown;
  /** A pointer to the object store instead of the value. */
  readonly ref?: unknown;
}

export interface TaskError {
  readonly code: string;
  readonly message: string;
  /** The field of the definition at fault, where it is not the work that failed. */
  readonly field?: 'when' | 'until';
  /** What an expression that failed has read, by name, as JSON that is cut where it is long. */
  readonly saw?: Readonly<Record<string, string>>;
}

export type Outcome =
  | {
      readonly kind: 'outputs';
      /** `label`: as it is, where the id need not be encoded. */
      readonly outputs: readonly { id?: string; label?: string; result?: unknown; ref?: unknown }[];
    }
  /** A success that makes nothing: the payload ends. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'picks'; readonly picks: readonly { key: string; result: unknown }[] }
  /** What an equal task of an earlier run made: keys are kept, orders are this task's. */
  | { readonly kind: 'reused'; readonly payloads: readonly Omit<ResultRow, 'block'>[] }
  | { readonly kind: 'error'; readonly error: TaskError };

/** `expanding`: it has succeeded, and what it made is born piece by piece. */
export type TaskStatus = 'expanding' | 'done' | 'failed' | 'dropped' | 'kept';

/** Lexicographic, left to right. */
export function compareOrd(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < a.length && at < b.length; at += 1) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return a.length - b.length;
}
