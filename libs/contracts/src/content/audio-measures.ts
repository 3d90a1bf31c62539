import { Type, type Static } from 'typebox';

/** What an episode's audio was found to be, in numbers, when it passed its check. */
export const AudioMeasures = Type.Object(
  {
    durationMs: Type.Integer({ minimum: 0, description: 'Of the samples' }),
    encodedDurationMs: Type.Integer({ minimum: 0, description: 'As the file itself says' }),
    lines: Type.Integer({ minimum: 0 }),
    visemes: Type.Integer({ minimum: 0 }),
    longestSilenceMs: Type.Integer({ minimum: 0 }),
    peakDb: Type.Number({ description: 'dBFS, of the loudest sample' }),
    quietestLineDb: Type.Number({ description: 'dBFS' }),
    loudestLineDb: Type.Number({ description: 'dBFS' }),
    clippedSamples: Type.Integer({ minimum: 0 }),
    fastestMsPerLetter: Type.Number({ minimum: 0 }),
    slowestMsPerLetter: Type.Number({ minimum: 0 }),
  },
  { additionalProperties: false, title: 'AudioMeasures' },
);
export type AudioMeasures = Static<typeof AudioMeasures>;
