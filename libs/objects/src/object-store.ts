import type { Ref } from '@duofactory/contracts';

export interface NamedObject {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** Changes with the bytes: what `ifMatch` compares. */
  readonly etag: string;
}

export interface PutCondition {
  /** Only where nothing has this name yet. */
  readonly ifNoneMatch?: '*';
  /** Only where the bytes are still those of this etag. */
  readonly ifMatch?: string;
}

/**
 * Where large values, audio and published content lie. An object is named by its bytes and never changes; a named
 * object may be replaced, under a condition. Writes are whole or not at all: no reader ever sees half of one.
 */
export abstract class ObjectStore {
  /**
   * Stores bytes under their SHA-256. The same bytes again: the same Ref, nothing written, unless others stand under
   * that name since: those are replaced.
   */
  abstract put(bytes: Uint8Array, mediaType: string): Promise<Ref>;
  /** As `put`, of bytes that come one after another: a few of them in memory. A source that fails leaves nothing. */
  abstract putStream(
    source: AsyncIterable<Uint8Array>,
    mediaType: string,
    signal?: AbortSignal,
  ): Promise<Ref>;
  /** Throws ObjectMissing, or ObjectCorrupt where the bytes are not those that were put. */
  abstract get(ref: Ref): Promise<Uint8Array>;
  /** As `get`, a part at a time. ObjectCorrupt comes in place of the last part. */
  abstract getStream(ref: Ref, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Throws ConditionFailed. */
  abstract putNamed(
    name: string,
    bytes: Uint8Array,
    mediaType: string,
    condition?: PutCondition,
  ): Promise<{ etag: string }>;
  abstract getNamed(name: string): Promise<NamedObject | undefined>;
  /** Whether something has this name. What it is, a reader finds out. */
  abstract has(object: Ref | string): Promise<boolean>;
  /** Removes what has this name, if anything does. Whoever reads it already, reads it to its end. */
  abstract delete(object: Ref | string): Promise<void>;
  /** Names that begin with the prefix, in order. */
  abstract list(prefix: string): AsyncIterable<string>;
  /** A URL by which an operator can open the object: `file:` or `s3:`. */
  abstract locate(object: Ref | string): string;
  /** Rejects with the reason when the store cannot be written to now. */
  abstract ready(): Promise<void>;
}

export class ObjectMissing extends Error {
  readonly code = 'object-missing';
  constructor(name: string) {
    super(`The object store has no "${name}": was it deleted, or does this process read another store?`);
    this.name = 'ObjectMissing';
  }
}

export class ObjectCorrupt extends Error {
  readonly code = 'object-corrupt';
  constructor(name: string) {
    super(
      `The bytes of "${name}" are not those that were stored: restore it from a backup, or have whatever made it make it again`,
    );
    this.name = 'ObjectCorrupt';
  }
}

/** The store stopped in the middle of an object, again and again. */
export class ObjectUnfinished extends Error {
  readonly code = 'object-unfinished';
  /** Nobody's message is to blame: work that needs the object waits for the store. */
  readonly outage = true;
  constructor(name: string, options: { cause: unknown }) {
    super(`The object store stopped in the middle of "${name}": is it, and the way to it, well?`, options);
    this.name = 'ObjectUnfinished';
  }
}

/** Somebody else wrote this name first: read it again, decide anew. */
export class ConditionFailed extends Error {
  readonly code = 'condition-failed';
  constructor(name: string) {
    super(`"${name}" was written by somebody else meanwhile`);
    this.name = 'ConditionFailed';
  }
}

/** The store does not take this process's settings: the message says what of them, and what to do. */
export class ObjectStoreRefused extends Error {
  readonly code = 'object-store-refused';
  constructor(
    /** The variable to look at first. */
    readonly setting: string,
    message: string,
    options?: { cause: unknown },
  ) {
    super(message, options);
    this.name = 'ObjectStoreRefused';
  }
}

/** Nothing answers where the store should be: the message says where that is, and what to do. */
export class ObjectStoreAway extends Error {
  readonly code = 'object-store-away';
  /** Nobody's message is to blame: work that needs an object waits for the store. */
  readonly outage = true;
  constructor(
    /** The variable to look at first. */
    readonly setting: string,
    message: string,
    options: { cause: unknown },
  ) {
    super(message, options);
    this.name = 'ObjectStoreAway';
  }
}

export class InvalidObjectName extends Error {
  readonly code = 'invalid-object-name';
  constructor(name: string) {
    super(
      `"${name}" cannot name an object: write segments of letters, digits, ".", "_" and "-", separated by "/"`,
    );
    this.name = 'InvalidObjectName';
  }
}

const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

/** Where bytes lie whose SHA-256, in hexadecimal, this is. */
export function objectOfHash(hash: string): string {
  return `sha256/${hash.slice(0, 2)}/${hash}`;
}

/** Throws InvalidObjectName. */
export function nameOf(object: Ref | string): string {
  const name = typeof object === 'string' ? object : object.object;
  checkName(name);
  return name;
}

/** Refuses names that could leave the store's folder or mean two things. Throws InvalidObjectName. */
export function checkName(name: string): void {
  if (name.length > 900 || !name.split('/').every((segment) => SEGMENT.test(segment)))
    throw new InvalidObjectName(name);
}
