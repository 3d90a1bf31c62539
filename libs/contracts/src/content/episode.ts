import { Type, type Static } from 'typebox';
import { AudioMeasures } from './audio-measures.js';
import { Ref } from '../ref.js';

const strict = { additionalProperties: false } as const;
const Stretch = { startMs: Type.Integer({ minimum: 0 }), endMs: Type.Integer({ minimum: 0 }) };

export const EpisodeLine = Type.Object(
  {
    speaker: Type.String(),
    text: Type.String(),
    ...Stretch,
    words: Type.Array(Type.Object({ text: Type.String(), ...Stretch }, strict)),
    visemes: Type.Array(Type.Object({ id: Type.String(), ...Stretch }, strict)),
    sentences: Type.Optional(Type.Array(Type.Object({ text: Type.String(), ...Stretch }, strict))),
  },
  strict,
);

export const EpisodeExercise = Type.Object(
  {
    kind: Type.Enum(['listen', 'comprehension', 'cap-the-gap']),
    prompt: Type.String({ minLength: 1 }),
    options: Type.Array(Type.String(), { minItems: 2, maxItems: 6 }),
    answer: Type.String({ minLength: 1 }),
    line: Type.Integer({ minimum: 0, description: 'Index of the line it is about' }),
  },
  strict,
);

/** Where an episode comes from. What is not known is left out. */
export const EpisodeProvenance = Type.Object(
  {
    run: Type.String(),
    workflow: Type.Optional(Type.String({ description: 'With its version: duoradio@3' })),
    prompts: Type.Array(Type.String()),
    evaluators: Type.Array(Type.String()),
    scores: Type.Record(Type.String(), Type.Number(), { description: 'By block' }),
    models: Type.Array(Type.String(), { description: 'provider/model' }),
    voices: Type.Optional(Type.Array(Type.String(), { description: 'provider/voice' })),
    calls: Type.Optional(
      Type.Array(
        Type.Object(
          {
            ledger: Type.Optional(Type.String({ description: 'Id of GET /api/ledger/calls' })),
            model: Type.String({ description: 'provider/model' }),
            requestId: Type.Optional(Type.String({ description: "The vendor's" })),
          },
          strict,
        ),
        { description: 'Answers of models that it was made of' },
      ),
    ),
    offline: Type.Boolean({ description: 'true: no language model wrote this, it is for demonstration' }),
    rows: Type.Array(Type.String(), { description: 'Source rows: block=id' }),
    audio: Type.Optional(AudioMeasures),
    cost: Type.Optional(
      Type.Object({ amount: Type.Number(), currency: Type.String(), unpriced: Type.Integer() }, strict),
    ),
  },
  strict,
);
export type EpisodeProvenance = Static<typeof EpisodeProvenance>;

/** `episode.json`, as players read it. */
export const Episode = Type.Object(
  {
    schemaVersion: Type.Literal(1),
    id: Type.String(),
    version: Type.Integer({ minimum: 1 }),
    course: Type.Object({ id: Type.String(), from: Type.String(), to: Type.String() }, strict),
    node: Type.Object({ id: Type.String(), name: Type.String(), level: Type.String() }, strict),
    slot: Type.Integer({ minimum: 0 }),
    wrapper: Type.String(),
    title: Type.String({ minLength: 1, maxLength: 200 }),
    viability: Type.Number({ minimum: 0, maximum: 1 }),
    script: Type.Object({
      lines: Type.Array(Type.Object({ speaker: Type.String(), text: Type.String() }), { minItems: 1 }),
    }),
    exercises: Type.Array(EpisodeExercise),
    audio: Ref,
    durationMs: Type.Integer({ minimum: 1 }),
    lines: Type.Array(EpisodeLine, { minItems: 1 }),
    provenance: EpisodeProvenance,
  },
  { ...strict, title: 'Episode' },
);
export type Episode = Static<typeof Episode>;
