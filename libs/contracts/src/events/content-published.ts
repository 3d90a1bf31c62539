import { Type, type Static } from 'typebox';
import { eventContract } from '../cloud-event.js';

const Place = {
  episode: Type.String({ format: 'uuid' }),
  version: Type.Integer({ minimum: 1 }),
  environment: Type.String(),
  course: Type.String(),
  node: Type.String(),
  slot: Type.Integer({ minimum: 0 }),
};

export const ContentPublished = Type.Object(
  {
    ...Place,
    url: Type.String(),
    run: Type.Optional(Type.String({ description: 'The run that made it' })),
    change: Type.Optional(
      Type.Enum(['published', 'promoted', 'rolled-back', 'moved', 'renamed'], {
        description:
          'How it came: by a run or by a person again, from another environment, as an earlier version again, into another slot, or under another name',
      }),
    ),
    by: Type.Optional(Type.String({ description: 'Who asked for it, where it was a person' })),
  },
  { title: 'ContentPublished' },
);
export type ContentPublished = Static<typeof ContentPublished>;

export const contentPublishedV1 = eventContract({
  type: 'content-published.v1',
  topic: 'duofactory.content',
  description:
    'A version of an episode can be read by learners: told after the manifest of its course has it, for a publish, a promotion, a roll-back, a move and a new name, one event each. Keyed by episode.',
  schema: ContentPublished,
});

export const ContentUnpublished = Type.Object(
  {
    ...Place,
    change: Type.Enum(['unpublished', 'replaced', 'recalled'], {
      description: 'By a person, by another episode that took its slot, or by a recall',
    }),
    recall: Type.Optional(Type.String({ format: 'uuid', description: 'Of GET /api/recalls' })),
    by: Type.Optional(Type.String({ description: 'Who asked for it, where it was a person' })),
  },
  { title: 'ContentUnpublished' },
);
export type ContentUnpublished = Static<typeof ContentUnpublished>;

export const contentUnpublishedV1 = eventContract({
  type: 'content-unpublished.v1',
  topic: 'duofactory.content',
  description:
    'Learners get an episode no more; `version` is the one that they had. Told after the manifest of its course is without it. Keyed by episode.',
  schema: ContentUnpublished,
});
