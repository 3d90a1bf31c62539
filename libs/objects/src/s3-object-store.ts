import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Ref } from '@duofactory/contracts';
import { createHash } from 'node:crypto';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  ConditionFailed,
  ObjectCorrupt,
  ObjectMissing,
  ObjectStore,
  ObjectUnfinished,
  checkName,
  nameOf,
  objectOfHash,
  type NamedObject,
  type PutCondition,
} from './object-store.js';
import {
  goneBucket,
  isUnknownKey,
  understoodFailure,
  unmadeBucket,
  type BucketSettings,
} from './s3-failure.js';
import { checkedBytes, steadyBytes, writeHashed } from './streamed-bytes.js';

export interface S3Options {
  readonly bucket: string;
  /** Of another server than Amazon's. */
  readonly endpoint?: string;
  /** `https://server/bucket/name` instead of `https://bucket.server/name`. */
  readonly pathStyle?: boolean;
  /** Default: what the AWS SDK finds (AWS_REGION), else us-east-1. */
  readonly region?: string;
  /** Default: what the AWS SDK finds (AWS_ACCESS_KEY_ID, a profile, a role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** How long a request may wait for its answer to begin, or a reader for more of it, before it is tried again. */
  readonly patienceMs?: number;
}

const CONNECT_MS = 10_000;
/** A part may take its time on a slow line. */
const PATIENCE_MS = 2 * 60_000;
const READY_WITHIN_MS = 10_000;
const PART_BYTES = 8 * 1024 * 1024;
const MOST_ATTEMPTS = 5;

/**
 * Objects in a bucket. The server must keep conditional writes (`If-None-Match`, `If-Match`), as Amazon's does: they are
 * what makes a name have one writer. More than 8 MB goes in parts; the SDK adds checksums and tries again.
 */
export class S3ObjectStore extends ObjectStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #settings: BucketSettings;
  readonly #patienceMs: number;
  #there: Promise<void> | undefined;

  constructor({
    bucket,
    endpoint,
    pathStyle = false,
    region,
    credentials,
    patienceMs = PATIENCE_MS,
  }: S3Options) {
    super();
    this.#bucket = bucket;
    this.#patienceMs = patienceMs;
    const at = region ?? process.env['AWS_REGION'] ?? 'us-east-1';
    this.#settings = { bucket, endpoint, pathStyle, region: at };
    this.#client = new S3Client({
      maxAttempts: MOST_ATTEMPTS,
      forcePathStyle: pathStyle,
      // Without it a server that fell silent is waited for for good.
      requestHandler: {
        ...{ connectionTimeout: CONNECT_MS, requestTimeout: patienceMs, throwOnRequestTimeout: true },
      },
      region: at,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials ? { credentials } : {}),
    });
  }

  async put(bytes: Uint8Array, mediaType: string): Promise<Ref> {
    return this.#putOnce(() => bytes, { hash: sha256(bytes), sizeBytes: bytes.byteLength }, mediaType);
  }

  /** By way of a file: the name is known when the last byte has come, and the server has no rename. */
  async putStream(source: AsyncIterable<Uint8Array>, mediaType: string, signal?: AbortSignal): Promise<Ref> {
    const file = await namelessFile();
    try {
      const written = await writeHashed(file, source, signal);
      const read = { start: 0, autoClose: false, ...(signal ? { signal } : {}) };
      // Wrapped: the SDK would take a stream that begins somewhere in a file for one without an end.
      const body = (): Readable => Readable.from(file.createReadStream(read));
      return await this.#putOnce(body, written, mediaType);
    } finally {
      await file.close();
    }
  }

  async getStream({ object }: Ref, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    checkName(object);
    const found = await this.#open(object, { signal });
    if (!found) throw new ObjectMissing(object);
    return checkedBytes(object, this.#bytesOf(object, found, signal));
  }

  async get({ object }: Ref): Promise<Uint8Array> {
    const found = await this.getNamed(object);
    if (!found) throw new ObjectMissing(object);
    if (!object.endsWith(`/${sha256(found.bytes)}`)) throw new ObjectCorrupt(object);
    return found.bytes;
  }

  async putNamed(
    name: string,
    bytes: Uint8Array,
    mediaType: string,
    { ifNoneMatch, ifMatch }: PutCondition = {},
  ): Promise<{ etag: string }> {
    checkName(name);
    await this.#ensureBucket();
    const command = new PutObjectCommand({
      ...this.#at(name),
      Body: bytes,
      ContentType: mediaType,
      ...(ifNoneMatch === undefined ? {} : { IfNoneMatch: ifNoneMatch }),
      ...(ifMatch === undefined ? {} : { IfMatch: ifMatch }),
    });
    try {
      const { ETag } = await decided(() => this.#client.send(command));
      return { etag: ETag! };
    } catch (error) {
      if (isUnmet(error) || (ifMatch !== undefined && isMissing(error))) throw new ConditionFailed(name);
      throw error;
    }
  }

  async getNamed(name: string): Promise<NamedObject | undefined> {
    checkName(name);
    const found = await this.#open(name);
    if (!found) return undefined;
    const parts: Uint8Array[] = [];
    for await (const bytes of this.#bytesOf(name, found)) parts.push(bytes);
    return { bytes: Buffer.concat(parts), mediaType: found.mediaType, etag: found.etag };
  }

  async has(object: Ref | string): Promise<boolean> {
    try {
      await this.#client.send(new HeadObjectCommand(this.#at(nameOf(object))));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw this.#understood(error);
    }
  }

  async delete(object: Ref | string): Promise<void> {
    try {
      await this.#client.send(new DeleteObjectCommand(this.#at(nameOf(object))));
    } catch (error) {
      if (!isMissing(error)) throw this.#understood(error);
    }
  }

  async *list(prefix: string): AsyncIterable<string> {
    await this.#ensureBucket();
    const pages = paginateListObjectsV2({ client: this.#client }, { Bucket: this.#bucket, Prefix: prefix });
    for await (const { Contents = [] } of pages) for (const { Key } of Contents) yield Key!;
  }

  locate(object: Ref | string): string {
    return `s3://${this.#bucket}/${typeof object === 'string' ? object : object.object}`;
  }

  /** Says so within seconds: who asks does it at boot, or again and again. */
  async ready(): Promise<void> {
    const signal = AbortSignal.timeout(READY_WITHIN_MS);
    if (this.#there === undefined) {
      await this.#makeBucket(signal);
      this.#there ??= Promise.resolve();
      return;
    }
    await this.#look(signal).catch((error: unknown) => {
      throw isMissing(error) ? goneBucket(this.#settings) : error;
    });
  }

  async #open(
    name: string,
    { signal, onwards }: { signal?: AbortSignal | undefined; onwards?: { from: number; etag: string } } = {},
  ): Promise<OpenObject | undefined> {
    const rest = onwards && { Range: `bytes=${onwards.from}-`, IfMatch: onwards.etag };
    const command = new GetObjectCommand({ ...this.#at(name), ...rest });
    try {
      const options = signal ? { abortSignal: signal } : {};
      const { Body, ContentType, ETag } = await this.#client.send(command, options);
      return { body: Body as Readable, mediaType: ContentType ?? 'application/octet-stream', etag: ETag! };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw signal?.aborted ? error : this.#understood(error);
    }
  }

  /** An answer that stops in the middle is taken up where it stopped: of the same bytes, or not at all. */
  async *#bytesOf(
    name: string,
    { body, etag }: OpenObject,
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, void> {
    let from = 0;
    for (let tries = 1; ; tries += 1) {
      try {
        for await (const bytes of steadyBytes(body, this.#patienceMs)) {
          from += bytes.byteLength;
          yield bytes;
        }
        return;
      } catch (cause) {
        signal?.throwIfAborted();
        if (isFalse(cause)) throw new ObjectCorrupt(name);
        if (tries === MOST_ATTEMPTS) throw new ObjectUnfinished(name, { cause });
      }
      const onwards = { from, etag };
      const further = await this.#open(name, { signal, onwards }).catch((cause: unknown) => {
        throw isUnmet(cause) ? new ObjectUnfinished(name, { cause }) : cause;
      });
      if (!further) throw new ObjectMissing(name);
      body = further.body;
    }
  }

  /** A body that breaks ends the upload, and the server forgets the parts that it has. */
  async #putOnce(
    body: () => Uint8Array | Readable,
    { hash, sizeBytes }: { hash: string; sizeBytes: number },
    mediaType: string,
  ): Promise<Ref> {
    const object = objectOfHash(hash);
    await this.#ensureBucket();
    const write = (condition: { IfNoneMatch?: '*' }): Promise<unknown> =>
      decided(() => {
        const params = { ...this.#at(object), ContentType: mediaType, Body: body(), ...condition };
        return new Upload({ client: this.#client, params, partSize: PART_BYTES }).done();
      });
    const ref = { object, mediaType, sizeBytes };
    try {
      await write({ IfNoneMatch: '*' });
    } catch (error) {
      if (!isUnmet(error)) throw error;
      // Its name is its content: whoever was first has stored the same bytes, if they are still there.
      if (!(await this.#holds(ref))) await write({});
    }
    return ref;
  }

  async #holds(ref: Ref): Promise<boolean> {
    try {
      for await (const _ of await this.getStream(ref));
      return true;
    } catch (error) {
      if (error instanceof ObjectCorrupt || error instanceof ObjectMissing) return false;
      throw error;
    }
  }

  async #look(abortSignal?: AbortSignal): Promise<void> {
    const options = abortSignal ? { abortSignal } : {};
    try {
      await this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket }), options);
    } catch (error) {
      if (isMissing(error)) throw error;
      if (!(error instanceof S3ServiceException)) throw this.#understood(error);
      // An answer to HEAD has no words: this one says why.
      const list = new ListObjectsV2Command({ Bucket: this.#bucket, MaxKeys: 1 });
      await this.#client.send(list, options).catch((why) => {
        throw this.#understood(why);
      });
    }
  }

  #understood(error: unknown): unknown {
    return understoodFailure(error, this.#settings);
  }

  /** Makes the bucket where it is not there, so that an empty server is enough. */
  #ensureBucket(): Promise<void> {
    this.#there ??= this.#makeBucket().catch((error: unknown) => {
      this.#there = undefined;
      throw error;
    });
    return this.#there;
  }

  async #makeBucket(abortSignal?: AbortSignal): Promise<void> {
    try {
      await this.#look(abortSignal);
    } catch (error) {
      if (!isMissing(error)) throw error;
      const command = new CreateBucketCommand({ Bucket: this.#bucket });
      await this.#client.send(command, abortSignal ? { abortSignal } : {}).catch((failure: unknown) => {
        // Another process was first.
        const { name } = failure as Error;
        if (name !== 'BucketAlreadyOwnedByYou' && name !== 'BucketAlreadyExists')
          throw unmadeBucket(failure, this.#settings);
      });
    }
  }

  #at(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: name };
  }
}

/** Nothing of it stays, however the process ends. */
async function namelessFile(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'duofactory-object-'));
  try {
    return await open(join(folder, 'bytes'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An object whose bytes are on their way. */
interface OpenObject {
  readonly body: Readable;
  readonly mediaType: string;
  readonly etag: string;
}

/** The SDK has compared the bytes with the server's own checksum of them. */
function isFalse(error: unknown): boolean {
  return (error as Error).message.startsWith('Checksum mismatch');
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404 && !isUnknownKey(error)
  );
}

/** Where two writers meet (409) the server has decided nothing: it is asked again. */
async function decided<T>(write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      const met = error instanceof S3ServiceException && error.name === 'ConditionalRequestConflict';
      if (!met || tries === MOST_ATTEMPTS) throw error;
    }
  }
}

/** The condition does not hold. */
function isUnmet(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
