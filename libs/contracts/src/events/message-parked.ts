import { Type, type Static } from 'typebox';
import { eventContract } from '../cloud-event.js';

export const MessageParked = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    topic: Type.String(),
    /** The group of consumers that could not handle it. */
    group: Type.String(),
    /** Where it lay in its topic, on a transport that has such places. */
    partition: Type.Optional(Type.Integer({ minimum: 0 })),
    offset: Type.Optional(Type.Integer({ minimum: 0 })),
    key: Type.String(),
    /** As they came, the CloudEvent's attributes among them. */
    headers: Type.Record(Type.String(), Type.String()),
    /** The original bytes in base64: they need not be text. */
    body: Type.String(),
    /** The body was larger than the broker takes: so many bytes, which lie where the message lay and nowhere else. */
    omittedBytes: Type.Optional(Type.Integer({ minimum: 1 })),
    errorCode: Type.String(),
    errorMessage: Type.String(),
    attempts: Type.Integer({ minimum: 0 }),
    parkedAt: Type.String({ format: 'date-time' }),
  },
  { title: 'MessageParked' },
);
export type MessageParked = Static<typeof MessageParked>;

export const messageParkedV1 = eventContract({
  type: 'message-parked.v1',
  topic: 'duofactory.dead-letters',
  description:
    'A service could not handle a message and put it aside: what came, and why. The message itself lies on the dead-letter topic of its own.',
  schema: MessageParked,
});
