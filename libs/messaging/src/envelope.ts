import type { CloudEvent } from '@duofactory/contracts';

export type Headers = Readonly<Record<string, string>>;

/** The bytes are no CloudEvent in binary mode with a JSON value. */
export class MalformedMessage extends Error {
  readonly code = 'malformed-message';
  readonly terminal = true;
  constructor(reason: string, cause?: unknown) {
    super(`Not a CloudEvent in binary mode: ${reason}.`, { cause });
    this.name = 'MalformedMessage';
  }
}

/** CloudEvents 1.0, Kafka protocol binding, binary mode. */
export function writeHeaders(event: CloudEvent): Record<string, string> {
  const headers: Record<string, string> = {
    ce_id: event.id,
    ce_source: event.source,
    ce_type: event.type,
    ce_specversion: '1.0',
    ce_time: event.time,
    'content-type': 'application/json',
  };
  if (event.subject !== undefined) headers['ce_subject'] = event.subject;
  if (event.traceparent !== undefined) headers['traceparent'] = event.traceparent;
  return headers;
}

export function readEnvelope(headers: Headers, body: Buffer | null): CloudEvent {
  const event = {
    id: required(headers, 'ce_id'),
    source: required(headers, 'ce_source'),
    type: required(headers, 'ce_type'),
    // Optional in CloudEvents: other teams' services may leave it out.
    time: headers['ce_time'] ?? new Date(0).toISOString(),
    data: readJson(body),
  };
  const subject = headers['ce_subject'];
  const traceparent = headers['traceparent'] ?? headers['ce_traceparent'];
  if (subject === undefined && traceparent === undefined) return event;
  return {
    ...event,
    ...(subject !== undefined && { subject }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

function required(headers: Headers, name: string): string {
  const value = headers[name];
  if (value === undefined || value === '') throw new MalformedMessage(`header ${name} is missing`);
  return value;
}

function readJson(body: Buffer | null): unknown {
  if (body === null) throw new MalformedMessage('there is no value');
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new MalformedMessage('the value is not JSON', error);
  }
}
