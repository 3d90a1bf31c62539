import { pino, type DestinationStream, type Logger } from 'pino';
import { activeTraceparent, readTraceparent } from './tracing/tracing.js';

export type { Logger } from 'pino';

/** Wherever they stand in a log line's fields, one or two levels deep. */
const SECRETS = [
  'password',
  'secret',
  'token',
  'apiKey',
  'authorization',
  'cookie',
  'databaseUrl',
  'kafkaSaslPassword',
  's3SecretAccessKey',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export interface LoggerOptions {
  /** Default: DUOFACTORY_LOG_LEVEL, else `info`. */
  readonly level?: string;
  /** Default: standard output. */
  readonly destination?: DestinationStream;
}

/** JSON, one object a line; secrets are struck out. */
export function createLogger(service: string, { level, destination }: LoggerOptions = {}): Logger {
  return pino(
    {
      level: level ?? (process.env['DUOFACTORY_LOG_LEVEL'] || 'info'),
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: traceIds,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: [...SECRETS, 'req.headers.authorization', 'req.headers.cookie', 'req.headers["x-api-key"]'],
        censor: '[secret]',
      },
    },
    ...(destination ? [destination] : []),
  );
}

/** Of the work that the line tells of. */
function traceIds(): object {
  const { traceId, spanId } = readTraceparent(activeTraceparent()) ?? {};
  return traceId === undefined ? {} : { traceId, spanId };
}
