import type { BlockManifest } from '@duofactory/contracts';
import { Type } from 'typebox';

/** Of one line. Engines that take less at a time get it in pieces. */
export const LONGEST_LINE = 20_000;

const Line = Type.Object({
  speaker: Type.String({ minLength: 1 }),
  text: Type.String({ minLength: 1, maxLength: LONGEST_LINE }),
  language: Type.Optional(Type.String({ description: 'If not the one of the episode' })),
});

export const manifest = {
  type: 'speech',
  version: 1,
  title: 'Speech',
  description:
    'Speaks lines in the voices of their speakers and joins them to one audio file, with word times and visemes.',
  input: 'each',
  output: 'one',
  timeout: '5m',
  with: Type.Object(
    {
      lines: Type.Array(Line, {
        minItems: 1,
        maxItems: 500,
        title: 'Lines',
        description: 'Speaker and text of each line',
        examples: ['{{script.lines}}'],
      }),
      language: Type.String({
        minLength: 2,
        title: 'Language',
        description: 'BCP 47 tag of the lines',
        examples: ['es', 'pt-BR', '{{unit.language}}'],
      }),
      voices: Type.Optional(
        Type.Record(Type.String(), Type.String(), {
          title: 'Voices',
          description: 'Voice or character of a speaker; the others get one by their name',
          examples: [{ Lucy: 'f3' }],
        }),
      ),
      pace: Type.Optional(
        Type.Number({
          minimum: 0.5,
          maximum: 1.5,
          default: 1,
          title: 'Pace',
          description: '1 is the usual one for learners',
        }),
      ),
    },
    { additionalProperties: false },
  ),
} as const satisfies BlockManifest;
