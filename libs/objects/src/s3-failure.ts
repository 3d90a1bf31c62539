import { S3ServiceException } from '@aws-sdk/client-s3';
import { ObjectStoreAway, ObjectStoreRefused } from './object-store.js';

/** What a process was told of its bucket. */
export interface BucketSettings {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly pathStyle: boolean;
}

const ENDPOINT = 'DUOFACTORY_S3_ENDPOINT';
const REGION = 'DUOFACTORY_S3_REGION';
const KEY = 'DUOFACTORY_S3_ACCESS_KEY_ID';
const KEYS = `${KEY} and DUOFACTORY_S3_SECRET_ACCESS_KEY, or what the AWS SDK finds`;
/** Of a name that is not known, of a server that is not there or falls silent, and of TLS where the other side has none. */
const NO_ANSWER =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPROTO|ERR_TLS.*|ERR_SSL.*|.*CERT.*|HPE_.*)$/;
const NO_NAME = new Set(['ENOTFOUND', 'EAI_AGAIN']);
const TOO_LATE = new Set(['TimeoutError', 'AbortError']);

/** The failure by what a person can do about it, where that is a setting. A server's own words may repeat a key. */
export function understoodFailure(error: unknown, settings: BucketSettings): unknown {
  if (error instanceof S3ServiceException) return refused(error, settings);
  const { name, code } = error as NodeJS.ErrnoException;
  if (name === 'CredentialsProviderError') {
    const said = `S3 needs a key, and there is none: set ${KEYS} (AWS_ACCESS_KEY_ID, a profile, a role)`;
    return new ObjectStoreRefused(KEY, said, { cause: error });
  }
  if (TOO_LATE.has(name) || (code !== undefined && NO_ANSWER.test(code)))
    return away(error as NodeJS.ErrnoException, settings);
  return error;
}

/** The bucket is not there, and the server would not make it. */
export function unmadeBucket(error: unknown, settings: BucketSettings): unknown {
  if (
    !(error instanceof S3ServiceException) ||
    isUnknownKey(error) ||
    statusOf(error) < 400 ||
    statusOf(error) >= 500
  )
    return understoodFailure(error, settings);
  const { bucket, endpoint, pathStyle } = settings;
  const place = endpoint === undefined ? 'S3' : `The server at ${endpoint}`;
  const said = `${place} has no bucket "${bucket}", and does not make one (${told(error)}). Make it, or name another; where the server is not Amazon's, see ${ENDPOINT} and DUOFACTORY_S3_PATH_STYLE (${pathStyle}), too`;
  return new ObjectStoreRefused('DUOFACTORY_S3_BUCKET', said);
}

/** It was there before. To make it anew would hide what is lost. */
export function goneBucket({ bucket }: BucketSettings): ObjectStoreRefused {
  const said = `The bucket "${bucket}" is gone: bring it back with what it held, or start again to begin with an empty one`;
  return new ObjectStoreRefused('DUOFACTORY_S3_BUCKET', said);
}

/** Some servers answer 404 to a key that they do not know: then nobody knows whether the object is there. */
export function isUnknownKey({ name }: Error): boolean {
  return /AccessKey|UserNotFound/.test(name);
}

function refused(error: S3ServiceException, { bucket, region }: BucketSettings): unknown {
  const { Region: wanted } = error as { readonly Region?: string };
  if (error.name === 'AuthorizationHeaderMalformed' || error.name === 'PermanentRedirect') {
    const said = `The S3 server does not take the region "${region}"${wanted ? `, it wants "${wanted}"` : ''}: set ${REGION} or AWS_REGION`;
    return new ObjectStoreRefused(REGION, said);
  }
  if (statusOf(error) === 401 || statusOf(error) === 403 || isUnknownKey(error)) {
    const said = `The S3 server refused the key for the bucket "${bucket}" (${error.name}): see ${KEYS}, and what that key may do`;
    return new ObjectStoreRefused(KEY, said);
  }
  return error;
}

function away(
  error: NodeJS.ErrnoException & { readonly hostname?: string },
  { bucket, region, endpoint, pathStyle }: BucketSettings,
): ObjectStoreAway {
  const { code, name, hostname } = error;
  const why = code ?? name;
  const unknown = NO_NAME.has(code ?? '');
  if (endpoint === undefined) {
    const said = `Amazon's S3 does not answer in the region "${region}" (${why}). Check the region (${REGION} or AWS_REGION) and the way out of this machine, or set ${ENDPOINT} for another server`;
    return new ObjectStoreAway(REGION, said, { cause: error });
  }
  const ofBucket = unknown && !pathStyle && hostname?.startsWith(`${bucket}.`);
  const said = unknown
    ? `No machine is known by the name "${hostname}" (${why}). ${ofBucket ? 'Set DUOFACTORY_S3_PATH_STYLE to true, or check the host' : 'Check the host'}`
    : `No S3 server answers at ${endpoint} (${why}). Start it, check host and port, and http or https`;
  return new ObjectStoreAway(ENDPOINT, said, { cause: error });
}

const statusOf = ({ $metadata }: S3ServiceException): number => $metadata.httpStatusCode ?? 0;
const told = (error: S3ServiceException): string => `${error.name}, HTTP ${statusOf(error)}`;
