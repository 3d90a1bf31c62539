import { Type, type Static } from 'typebox';
import { eventContract } from '../cloud-event.js';

export const ContentPublished = Type.Object(
  {
    episode: Type.String({ format: 'uuid' }),
    version: Type.Integer({ minimum: 1 }),
    environment: Type.String(),
    course: Type.String(),
    node: Type.String(),
    slot: Type.Integer({ minimum: 0 }),
    url: Type.String(),
    run: Type.Optional(Type.String()),
  },
  { title: 'ContentPublished' },
);
export type ContentPublished = Static<typeof ContentPublished>;

export const contentPublishedV1 = eventContract({
  type: 'content-published.v1',
  topic: 'duofactory.content',
  description: 'A version of an episode can be read by learners. Keyed by episode.',
  schema: ContentPublished,
});
