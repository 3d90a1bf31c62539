import { describe, expect, it } from '@jest/globals';
import { MalformedMessage, readEnvelope, writeHeaders } from './envelope.js';

const event = {
  id: '1',
  source: '/duofactory/orchestrator',
  type: 'run-started.v1',
  subject: 'r1',
  time: '2026-01-01T00:00:00.000Z',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  data: { text: 'ça' },
};
const body = Buffer.from(JSON.stringify(event.data));

describe('the envelope', () => {
  it('is CloudEvents 1.0 in binary mode', () => {
    expect(writeHeaders(event)).toEqual({
      ce_id: '1',
      ce_source: '/duofactory/orchestrator',
      ce_type: 'run-started.v1',
      ce_specversion: '1.0',
      ce_subject: 'r1',
      ce_time: '2026-01-01T00:00:00.000Z',
      'content-type': 'application/json',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
  });

  it('reads what it wrote', () => {
    expect(readEnvelope(writeHeaders(event), body)).toEqual(event);
  });

  it.each([
    ['no value', null],
    ['an empty value', Buffer.alloc(0)],
  ])('reads %s as no data', (_name, bytes) => {
    expect(readEnvelope(writeHeaders(event), bytes)).toEqual({ ...event, data: null });
  });

  it('reads a text that is said to be one as it stands', () => {
    const headers = { ...writeHeaders(event), 'content-type': 'text/plain; charset=utf-8' };

    expect(readEnvelope(headers, Buffer.from('unit a1'))).toEqual({ ...event, data: 'unit a1' });
  });

  it('reads structured mode, where the whole event is the value', () => {
    const headers = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
    const structured = (changed: object): unknown =>
      readEnvelope(headers, Buffer.from(JSON.stringify({ specversion: '1.0', ...event, ...changed })));

    expect(structured({})).toEqual(event);
    expect(structured({ data: undefined })).toEqual({ ...event, data: null });
    const bytes = { data: undefined, data_base64: body.toString('base64') };
    expect(structured(bytes)).toEqual(event);
    expect(() => structured({ id: 7 })).toThrow('attribute id is missing');
    expect(() => readEnvelope(headers, Buffer.from('[]'))).toThrow(MalformedMessage);
  });

  it.each([
    ['half a value', writeHeaders(event), body.subarray(0, 5)],
    ['no headers', {}, body],
    ['an empty id', { ...writeHeaders(event), ce_id: '' }, body],
  ])('refuses %s for good', (_name, headers, bytes) => {
    expect(() => readEnvelope(headers, bytes)).toThrow(MalformedMessage);
  });
});
