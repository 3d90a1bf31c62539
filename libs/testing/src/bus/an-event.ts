import { randomUUID } from 'node:crypto';
import type { CloudEvent } from '@duofactory/contracts';
import type { Message } from '@duofactory/messaging';

export function anEvent<T>(data: T, over: Partial<CloudEvent<T>> = {}): CloudEvent<T> {
  return {
    id: randomUUID(),
    source: '/duofactory/test',
    type: 'tested.v1',
    subject: 'run-1',
    time: '2026-01-01T00:00:00.000Z',
    data,
    ...over,
  };
}

export function aMessage(topic: string, data: unknown, key = 'key'): Message {
  return { topic, key, event: anEvent(data) };
}
