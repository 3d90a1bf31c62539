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
    ['no value', writeHeaders(event), null],
    ['half a value', writeHeaders(event), body.subarray(0, 5)],
    ['no headers', {}, body],
    ['an empty id', { ...writeHeaders(event), ce_id: '' }, body],
  ])('refuses %s for good', (_name, headers, bytes) => {
    expect(() => readEnvelope(headers, bytes)).toThrow(MalformedMessage);
  });
});
