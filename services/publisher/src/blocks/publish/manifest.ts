import { EpisodeExercise, type BlockManifest } from '@duofactory/contracts';
import { Type } from 'typebox';

/** Part of a published name. */
const Name = (title: string) => Type.String({ title, pattern: '^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$' });

export const manifest = {
  type: 'publish',
  version: 1,
  title: 'Publish',
  description:
    'Writes an episode to the object store, enters it into its course and the catalog, and says so',
  input: 'each',
  output: 'one',
  reads: 'all',
  timeout: '2m',
  with: Type.Object(
    {
      format: Type.Enum(['duoradio'], { title: 'Format' }),
      environment: Type.Enum(['dev', 'prod'], { title: 'Environment' }),
      course: Name('Course'),
      node: Name('Node'),
      slot: Type.Integer({ minimum: 0, title: 'Slot' }),
      wrapper: Type.String({ minLength: 1, title: 'Wrapper' }),
      title: Type.String({ minLength: 1, maxLength: 200, title: 'Title' }),
      viability: Type.Number({ minimum: 0, maximum: 1, title: 'Viability' }),
      script: Type.Object(
        {
          lines: Type.Array(Type.Object({ speaker: Type.String(), text: Type.String() }), { minItems: 1 }),
        },
        { title: 'Script' },
      ),
      exercises: Type.Object({ exercises: Type.Array(EpisodeExercise) }, { title: 'Exercises' }),
      audio: Type.Unsafe<import('@duofactory/contracts').SpeechResult>(
        Type.Object({}, { title: 'Audio', description: 'What a speech block made', examples: ['{{audio}}'] }),
      ),
      replace: Type.Optional(
        Type.Boolean({
          default: false,
          title: 'Replace',
          description: 'If the episode of another show has the slot: unpublish it, instead of failing',
        }),
      ),
      unit: Type.Optional(
        Type.Unsafe<{ name: string; level: string; language: string; from: string }>(
          Type.Object({
            name: Type.String(),
            level: Type.String(),
            language: Type.String(),
            from: Type.String(),
          }),
        ),
      ),
    },
    { additionalProperties: false },
  ),
} as const satisfies BlockManifest;
