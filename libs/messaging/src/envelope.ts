import type { CloudEvent } from '@duofactory/contracts';

export type Headers = Readonly<Record<string, string>>;

/** The bytes are no CloudEvent. */
export class MalformedMessage extends Error {
  readonly code = 'malformed-message';
  readonly terminal = true;
  constructor(reason: string, cause?: unknown) {
    super(`Not a CloudEvent: ${reason}.`, { cause });
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

/** As other teams' services may write it too: in structured mode, without data, or with a text that is no JSON. */
export function readEnvelope(headers: Headers, body: Buffer | null): CloudEvent {
  const mediaType = headers['content-type'] ?? '';
  if (mediaType.startsWith('application/cloudevents+json')) return readStructured(body);
  return eventOf(
    (name) => (name === 'traceparent' ? headers[name] : undefined) ?? headers[`ce_${name}`],
    dataOf(mediaType, body),
    (name) => `header ce_${name}`,
  );
}

/** All of the event is the value: for whoever cannot set headers. */
function readStructured(body: Buffer | null): CloudEvent {
  const written = dataOf('application/json', body);
  if (written === null || typeof written !== 'object' || Array.isArray(written))
    throw new MalformedMessage('the value is no object of attributes');
  const attributes = written as Readonly<Record<string, unknown>>;
  const { data = null, datacontenttype = '', data_base64: bytes } = attributes;
  return eventOf(
    (name) => {
      const value = attributes[name];
      return typeof value === 'string' ? value : undefined;
    },
    typeof bytes === 'string' ? dataOf(String(datacontenttype), Buffer.from(bytes, 'base64')) : data,
    (name) => `attribute ${name}`,
  );
}

function eventOf(
  attribute: (name: string) => string | undefined,
  data: unknown,
  called: (name: string) => string,
): CloudEvent {
  const required = (name: string): string => {
    const value = attribute(name);
    if (value === undefined || value === '') throw new MalformedMessage(`${called(name)} is missing`);
    return value;
  };
  const event = {
    id: required('id'),
    source: required('source'),
    type: required('type'),
    // Optional in CloudEvents: other teams' services may leave it out.
    time: attribute('time') ?? new Date(0).toISOString(),
    data,
  };
  const subject = attribute('subject');
  const traceparent = attribute('traceparent');
  if (subject === undefined && traceparent === undefined) return event;
  return {
    ...event,
    ...(subject !== undefined && { subject }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

/** Nothing is data too, of an event that says all by its name. */
function dataOf(mediaType: string, body: Buffer | null): unknown {
  if (body === null || body.length === 0) return null;
  const text = body.toString('utf8');
  if (mediaType.startsWith('text/')) return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedMessage('the value is not JSON', error);
  }
}
