import type { EventContract } from '../cloud-event.js';
import { attemptPaidV1 } from '../events/attempt-paid.js';
import { blockCompletedV1 } from '../events/block-completed.js';
import { blockFailedV1 } from '../events/block-failed.js';
import { blockProgressV1 } from '../events/block-progress.js';
import { blockRequestedV1 } from '../events/block-requested.js';
import { blockTypeRegisteredV1 } from '../events/block-type-registered.js';
import { contentPublishedV1, contentUnpublishedV1 } from '../events/content-published.js';
import { effectsReusedV1 } from '../events/effects-reused.js';
import { holdLiftedV1 } from '../events/hold-lifted.js';
import { messageParkedV1 } from '../events/message-parked.js';
import { referencePublishedV1 } from '../events/reference-published.js';
import { runCompletedV1, runRequestedV1, runStartedV1 } from '../events/runs.js';
import { tasksCancelledV1 } from '../events/tasks-cancelled.js';

/** Every event of the product. */
export const CONTRACTS: readonly EventContract[] = [
  runRequestedV1,
  runStartedV1,
  runCompletedV1,
  blockRequestedV1,
  blockCompletedV1,
  blockFailedV1,
  attemptPaidV1,
  blockProgressV1,
  holdLiftedV1,
  effectsReusedV1,
  tasksCancelledV1,
  blockTypeRegisteredV1,
  messageParkedV1,
  referencePublishedV1,
  contentPublishedV1,
  contentUnpublishedV1,
];

/** Header name and description: CloudEvents 1.0 in Kafka's binary mode, values as UTF-8 text. */
const HEADERS: Record<string, string> = {
  ce_specversion: '1.0',
  ce_id: 'The same over redelivery; with ce_source it names one event for ever',
  ce_source: 'Who tells it: /duofactory/<service>, or what your service calls itself',
  ce_type: 'What happened, with the version of its data',
  ce_time: 'RFC 3339',
  ce_subject: 'The run, where there is one',
  traceparent: 'W3C trace context',
  'content-type': 'application/json',
};
const REQUIRED = ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time'];

/** The AsyncAPI 3.0 document of all events: what another team's service needs to speak with DuoFactory. */
export function asyncApi(): object {
  const channels = Map.groupBy(CONTRACTS, ({ topic }) => topic);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'DuoFactory events',
      version: '1.0.0',
      description:
        'CloudEvents 1.0 on Kafka, in binary mode: attributes in headers, data as JSON. A version of an event never changes its meaning; fields may be added, and unknown ones are to be ignored.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(
      [...channels].map(([topic, contracts]) => [channelName(topic), channelOf(topic, contracts)]),
    ),
    operations: Object.fromEntries(
      CONTRACTS.map((contract) => [operationName(contract), operationOf(contract)]),
    ),
    components: {
      messages: Object.fromEntries(CONTRACTS.map((contract) => [contract.type, messageOf(contract)])),
    },
  };
}

function channelOf(topic: string, contracts: readonly EventContract[]): object {
  const perType = topic === blockRequestedV1.topic;
  return {
    address: perType ? `${topic}.{type}` : topic,
    ...(perType ? { parameters: { type: { description: 'The block type' } } } : {}),
    ...(contracts.some(({ compacted }) => compacted)
      ? { description: 'Compacted: the last event of every key is kept' }
      : {}),
    messages: Object.fromEntries(
      contracts.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }]),
    ),
  };
}

function operationOf({ topic, type, description }: EventContract): object {
  const channel = channelName(topic);
  return {
    // As seen by the product: what it receives may be sent by any service.
    action: type === runRequestedV1.type ? 'receive' : 'send',
    channel: { $ref: `#/channels/${channel}` },
    summary: description,
    messages: [{ $ref: `#/channels/${channel}/messages/${type}` }],
  };
}

function messageOf({ type, description, schema }: EventContract): object {
  return {
    name: type,
    summary: description,
    headers: {
      type: 'object',
      required: REQUIRED,
      properties: Object.fromEntries(
        Object.entries(HEADERS).map(([name, text]) => [
          name,
          { type: 'string', description: text, ...(name === 'ce_type' ? { const: type } : {}) },
        ]),
      ),
    },
    payload: JSON.parse(JSON.stringify(schema)) as object,
  };
}

function channelName(topic: string): string {
  return topic.replace(/^duofactory\./, '');
}

function operationName({ type }: EventContract): string {
  return type.replace(/\.v\d+$/, '');
}
