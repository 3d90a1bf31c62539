import type { BlockManifest, RunAbove, Usage } from '@duofactory/contracts';
import type { ObjectStore } from '@duofactory/objects';
import type { Transactions } from '@duofactory/platform';
import type { EndedAttempt } from './ledger-rows.js';
import type { Static, TSchema } from 'typebox';

/** A payload, or the part of it that the configuration names. */
export interface Payload {
  readonly key: string;
  readonly blockResults: Readonly<Record<string, unknown>>;
}

/** What a block works on. `W`: its configuration, checked against the manifest, defaults filled in. */
export interface BlockTask<W> {
  readonly with: W;
  /** Of an `all` block: what every payload of its group shares. */
  readonly payload: Payload;
  /** Of the run; sent to types that read all or resolve fields themselves. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Of the workflow. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The list of an `all` block, in payload order. Read whole: for long lists prefer `pages`. */
  payloads(): Promise<Payload[]>;
  pages(): AsyncIterable<readonly Payload[]>;
}

export interface Effect<T> {
  readonly value: T;
  readonly usage?: Usage;
  /** The vendor's name for the call. */
  readonly requestId?: string;
  /** What follows once the answer is stored, and never before; if it fails the answer stands. */
  readonly afterwards?: () => Promise<void>;
}

export interface EffectCall {
  /** Our name for this one call. Sent to a vendor that keeps it, it finds the call there if its end was not seen here. */
  readonly id: string;
  /** Waiting for a turn is no work: the time of the attempt stands still meanwhile. */
  readonly untimed: <T>(wait: () => Promise<T>) => Promise<T>;
  /** Names of earlier calls of this effect whose end nobody saw. */
  readonly interrupted: readonly string[];
}

/** For reading the ledger. */
export interface OnceDetails {
  /** What is paid for. */
  readonly subject: string;
  /** What was asked before and got answers of no use: whoever reads those again saved nothing. */
  readonly insteadOf?: readonly { readonly step: string; readonly request: unknown }[];
}

export interface NotPicked {
  readonly key: string;
  readonly why: Readonly<Record<string, unknown>>;
}

export interface BlockContext {
  readonly run: string;
  readonly workflow?: string;
  /** Of a run inside a run: the runs that it works for, nearest first. */
  readonly above?: readonly RunAbove[];
  readonly task: string;
  readonly attempt: number;
  /** The block's id in the workflow. */
  readonly block: string;
  readonly key: string;
  /** From 1. */
  readonly sample: number;
  /** The first run of a chain of reruns. */
  readonly lineage: string;
  /** Aborted when the attempt's time is over, its run is cancelled, or the process stops. */
  readonly signal: AbortSignal;
  readonly objects: ObjectStore;
  /** Of the service's own schema. */
  readonly transactions: Transactions;
  /**
   * A paid or outward effect: done once for this lineage, block, key, sample, step and request, whatever happens to
   * attempts and processes; later calls get what the first one answered.
   */
  readonly once: <T>(
    step: string,
    request: unknown,
    effect: (signal: AbortSignal, call: EffectCall) => Promise<Effect<T>>,
    of?: OnceDetails,
  ) => Promise<T>;
  /** As of `EffectCall`: for work that waits outside of `once`. */
  readonly untimed: EffectCall['untimed'];
  /** Once its outcome is told: this attempt. What is paid for it from then on is told by whoever stores the answer. */
  readonly late: () => EndedAttempt | undefined;
  /** What an effect outside of `once` used. */
  readonly usage: (usage: Usage) => void;
  /** Of a `pick`: why payloads are left out, for whoever asks what became of them. */
  readonly notPicked: (payloads: readonly NotPicked[]) => void;
  readonly progress: (progress: {
    readonly done?: number;
    readonly total?: number;
    readonly note?: string;
  }) => void;
}

export interface ManyOutput {
  readonly id?: string;
  readonly result: object;
}

/** What `execute` returns, by the manifest's output. */
export interface BlockOutputs {
  one: Readonly<Record<string, unknown>> | object;
  /** As they come, where they are more than fit into memory. */
  many: readonly ManyOutput[] | AsyncIterable<ManyOutput>;
  pick: readonly { readonly key: string; readonly result: object }[];
}

export type Manifest<S extends TSchema> = Omit<BlockManifest, 'with'> & { readonly with: S };

type Execute<W, O extends keyof BlockOutputs> = (
  task: BlockTask<W>,
  context: BlockContext,
) => Promise<BlockOutputs[O]>;

/** A block type as the worker runs it. */
export interface BlockType {
  readonly manifest: BlockManifest;
  /** How many tasks one process works on at a time, if the configuration does not say. */
  readonly pool: number;
  readonly execute: Execute<never, keyof BlockOutputs>;
}

const DEFAULT_POOL = 16;

/** All that a block type needs: its manifest and what it does. */
export function defineBlock<const S extends TSchema, O extends keyof BlockOutputs>({
  execute,
  pool = DEFAULT_POOL,
  ...manifest
}: Omit<Manifest<S>, 'output'> & {
  readonly output: O;
  readonly pool?: number;
  readonly execute: Execute<Static<S>, O>;
}): BlockType {
  return { manifest, pool, execute: execute };
}
