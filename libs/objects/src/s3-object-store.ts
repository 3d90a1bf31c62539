import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Ref } from '@duofactory/contracts';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  ConditionFailed,
  ObjectCorrupt,
  ObjectMissing,
  ObjectStore,
  checkName,
  type NamedObject,
  type PutCondition,
} from './object-store.js';
import { checkedBytes, writeHashed } from './streamed-bytes.js';

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
}

const PART_BYTES = 8 * 1024 * 1024;
const MOST_ATTEMPTS = 5;

/**
 * Objects in a bucket. The server must keep conditional writes (`If-None-Match`, `If-Match`), as Amazon's does: they are
 * what makes a name have one writer. More than 8 MB goes in parts; the SDK adds checksums and tries again.
 */
export class S3ObjectStore extends ObjectStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  #there: Promise<void> | undefined;

  constructor({ bucket, endpoint, pathStyle = false, region, credentials }: S3Options) {
    super();
    this.#bucket = bucket;
    this.#client = new S3Client({
      maxAttempts: MOST_ATTEMPTS,
      forcePathStyle: pathStyle,
      region: region ?? process.env['AWS_REGION'] ?? 'us-east-1',
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials ? { credentials } : {}),
    });
  }

  async put(bytes: Uint8Array, mediaType: string): Promise<Ref> {
    return this.#putOnce(bytes, { hash: sha256(bytes), sizeBytes: bytes.byteLength }, mediaType);
  }

  /** By way of a file: the name is known when the last byte has come, and the server has no rename. */
  async putStream(source: AsyncIterable<Uint8Array>, mediaType: string, signal?: AbortSignal): Promise<Ref> {
    const folder = await mkdtemp(join(tmpdir(), 'duofactory-object-'));
    try {
      const path = join(folder, 'bytes');
      const written = await writeHashed(path, source, signal);
      return await this.#putOnce(createReadStream(path, signal ? { signal } : {}), written, mediaType);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async getStream({ object }: Ref, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    checkName(object);
    try {
      const { Body } = await this.#client.send(
        new GetObjectCommand(this.#at(object)),
        signal ? { abortSignal: signal } : {},
      );
      return checkedBytes(object, Body as AsyncIterable<Uint8Array>);
    } catch (error) {
      if (isMissing(error)) throw new ObjectMissing(object);
      throw error;
    }
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
      const { ETag } = await this.#client.send(command);
      return { etag: ETag! };
    } catch (error) {
      if (isConflict(error) || (ifMatch !== undefined && isMissing(error))) throw new ConditionFailed(name);
      throw error;
    }
  }

  async getNamed(name: string): Promise<NamedObject | undefined> {
    checkName(name);
    try {
      const { Body, ContentType, ETag } = await this.#client.send(new GetObjectCommand(this.#at(name)));
      const bytes = await Body!.transformToByteArray();
      return { bytes, mediaType: ContentType ?? 'application/octet-stream', etag: ETag! };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
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

  async ready(): Promise<void> {
    await this.#ensureBucket();
    await this.#look();
  }

  /** A body that breaks ends the upload, and the server forgets the parts that it has. */
  async #putOnce(
    body: Uint8Array | Readable,
    { hash, sizeBytes }: { hash: string; sizeBytes: number },
    mediaType: string,
  ): Promise<Ref> {
    const object = `sha256/${hash.slice(0, 2)}/${hash}`;
    await this.#ensureBucket();
    const params = { ...this.#at(object), Body: body, ContentType: mediaType, IfNoneMatch: '*' };
    try {
      await new Upload({ client: this.#client, params, partSize: PART_BYTES }).done();
    } catch (error) {
      // Its name is its content: whoever was first has stored the same bytes.
      if (!isConflict(error)) throw error;
    }
    return { object, mediaType, sizeBytes };
  }

  async #look(): Promise<void> {
    await this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket }));
  }

  /** Makes the bucket where it is not there, so that an empty server is enough. */
  #ensureBucket(): Promise<void> {
    this.#there ??= this.#makeBucket().catch((error: unknown) => {
      this.#there = undefined;
      throw error;
    });
    return this.#there;
  }

  async #makeBucket(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      if (!isMissing(error)) throw error;
      await this.#client.send(new CreateBucketCommand({ Bucket: this.#bucket })).catch((failure: unknown) => {
        // Another process was first.
        const { name } = failure as Error;
        if (name !== 'BucketAlreadyOwnedByYou' && name !== 'BucketAlreadyExists') throw failure;
      });
    }
  }

  #at(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: name };
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;
}

/** The condition does not hold (412), or two writers met (409). */
function isConflict(error: unknown): boolean {
  if (!(error instanceof S3ServiceException)) return false;
  const { httpStatusCode } = error.$metadata;
  return httpStatusCode === 412 || (httpStatusCode === 409 && error.name === 'ConditionalRequestConflict');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
