import { EpisodeProvenance, Ref } from '@duofactory/contracts';
import { Type } from 'typebox';

/** What the operations answer, as it arrives. */
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const Id = Type.String({ format: 'uuid' });
const Time = Type.String({ format: 'date-time' });
const Next = Type.Optional(Type.String({ description: 'Cursor of the next page; absent on the last' }));

const summaryFields = {
  id: Id,
  environment: Type.String(),
  course: Type.String(),
  node: Type.String(),
  nodeName: Nullable(Type.String()),
  level: Nullable(Type.String()),
  slot: Type.Integer(),
  wrapper: Type.String({ description: 'The show' }),
  version: Nullable(Type.Integer({ description: 'What readers get; null: nothing' })),
  newestVersion: Nullable(Type.Integer()),
  status: Type.String({ description: 'publishing, published, unpublished, recalled' }),
  attempts: Type.Integer({
    description: 'To publish its content, of all runs and promotions; renames and moves are none',
  }),
  updatedAt: Time,
  changedBy: Nullable(Type.String({ description: 'Who changed it last; null: a run' })),
  title: Nullable(Type.String()),
  viability: Nullable(Type.Number()),
  schemaVersion: Nullable(Type.Integer()),
  run: Nullable(Type.String({ description: 'The run that made it' })),
  pipelineStatus: Nullable(
    Type.String({ description: 'Of that run: running, completed, partial, failed, cancelled' }),
  ),
  pipelineBlock: Nullable(Type.String({ description: 'The block of that run that published it' })),
  offline: Type.Boolean({ description: 'No language model wrote this: for demonstration' }),
};
export const EpisodeSummaryAnswer = Type.Object(summaryFields, { title: 'EpisodeSummary' });
export const EpisodesAnswer = Type.Object({ episodes: Type.Array(EpisodeSummaryAnswer), next: Next });
const Places = Type.Object({ episode: Type.String(), audio: Type.String() });
export const EpisodeDetailAnswer = Type.Object(
  {
    ...summaryFields,
    provenance: EpisodeProvenance,
    files: Places,
    links: Places,
  },
  { title: 'EpisodeDetail' },
);
export const EpisodeVersionsAnswer = Type.Object({
  versions: Type.Array(
    Type.Object(
      {
        version: Type.Integer(),
        state: Type.String({ description: 'publishing, published, superseded, recalled' }),
        title: Type.String(),
        viability: Type.Number(),
        run: Type.String(),
        pipelineStatus: Type.String(),
        block: Nullable(Type.String({ description: 'That published it' })),
        object: Type.String(),
        audio: Ref,
        provenance: EpisodeProvenance,
        createdAt: Time,
        publishedAt: Nullable(Time),
      },
      { title: 'EpisodeVersion' },
    ),
  ),
});
export const EpisodeGroupsAnswer = Type.Object({
  groups: Type.Array(
    Type.Object(
      {
        value: Nullable(Type.String()),
        episodes: Type.Integer(),
        published: Type.Integer(),
        viability: Nullable(Type.Number({ description: 'Mean' })),
        updatedAt: Time,
      },
      { title: 'EpisodeGroup' },
    ),
  ),
});
export const ActionsAnswer = Type.Object({
  changed: Type.Integer(),
  unchanged: Type.Integer(),
  refused: Type.Integer(),
  results: Type.Array(
    Type.Object(
      {
        episode: Id,
        outcome: Type.Enum(['changed', 'unchanged', 'refused']),
        version: Type.Optional(Nullable(Type.Integer({ description: 'What readers get now' }))),
        problem: Type.Optional(
          Type.Record(Type.String(), Type.Unknown(), { description: 'Problem details' }),
        ),
      },
      { title: 'EpisodeActionResult' },
    ),
  ),
});
export const ReviewsAnswer = Type.Object({
  asked: Type.Integer(),
  refused: Type.Integer(),
  results: Type.Array(
    Type.Object(
      {
        episode: Id,
        outcome: Type.Enum(['asked', 'refused']),
        run: Type.Optional(Type.String({ format: 'uuid', description: 'In which the review waits' })),
        problem: Type.Optional(
          Type.Record(Type.String(), Type.Unknown(), { description: 'Problem details' }),
        ),
      },
      { title: 'EpisodeReviewResult' },
    ),
  ),
});
export const EnvironmentsAnswer = Type.Object({ environments: Type.Array(Type.String()) });
export const CoursesAnswer = Type.Object({
  courses: Type.Array(
    Type.Object(
      { id: Type.String(), from: Type.String(), to: Type.String(), episodes: Type.Integer() },
      { title: 'CatalogCourse' },
    ),
  ),
});
export const NodesAnswer = Type.Object({
  nodes: Type.Array(
    Type.Object(
      {
        id: Type.String(),
        name: Type.String(),
        level: Type.String(),
        episodes: Type.Integer(),
        emptySlots: Type.Array(Type.Integer(), {
          description: 'Up to the last one that an episode ever had, those that no episode has now',
        }),
      },
      { title: 'CatalogNode' },
    ),
  ),
});

const Input = Type.Unsafe<import('../app/recall-episodes.js').RecallInput>(
  Type.Record(Type.String(), Type.String(), {
    description: 'One of prompt, evaluator, row, model, voice, run',
  }),
);
const question = {
  input: Input,
  environments: Type.Array(Type.String()),
  remedy: Type.Enum(['unpublish', 'rollback']),
};
export const RecallAnswer = Type.Object(
  {
    ...question,
    id: Id,
    reason: Type.String(),
    recalledBy: Type.String(),
    recalledAt: Time,
    episodes: Type.Array(Type.Object({ environment: Type.String(), episode: Id, version: Type.Integer() })),
  },
  { title: 'Recall' },
);
export const RecallForecastAnswer = Type.Object(
  {
    ...question,
    seal: Type.String({ description: 'The recall itself wants it' }),
    earlierVersions: Type.Integer({
      description: 'That it went into too: they can be rolled back to no more',
    }),
    episodes: Type.Array(
      Type.Object({
        environment: Type.String(),
        id: Id,
        course: Type.String(),
        node: Type.String(),
        slot: Type.Integer(),
        wrapper: Type.String(),
        title: Type.String(),
        version: Type.Integer(),
        current: Type.Boolean(),
        then: Nullable(Type.Integer({ description: 'The version that readers get afterwards' })),
      }),
    ),
  },
  { title: 'RecallForecast' },
);
export const RecallsAnswer = Type.Object({ recalls: Type.Array(RecallAnswer), next: Next });
