import { AudioMeasures, Ref } from '@duofactory/contracts';
import { Type } from 'typebox';

const Stretch = { startMs: Type.Integer(), endMs: Type.Integer() };

export const VoiceList = Type.Object({
  voices: Type.Array(
    Type.Object(
      {
        id: Type.String(),
        language: Type.String(),
        character: Type.String({ description: 'One character speaks all languages of an engine' }),
        gender: Type.String({ description: 'female or male' }),
      },
      { title: 'Voice' },
    ),
  ),
});

const AskedSpeech = Type.Object(
  {
    lines: Type.Array(
      Type.Object({
        speaker: Type.String(),
        text: Type.String(),
        language: Type.Optional(Type.String()),
      }),
    ),
    language: Type.String(),
    voices: Type.Optional(Type.Record(Type.String(), Type.String())),
    pace: Type.Optional(Type.Number()),
  },
  { title: 'AskedSpeech' },
);

export const Speech = Type.Object(
  {
    audio: Ref,
    durationMs: Type.Integer(),
    peaks: Ref,
    lines: Type.Array(
      Type.Object(
        {
          speaker: Type.String(),
          text: Type.String(),
          ...Stretch,
          words: Type.Array(Type.Object({ text: Type.String(), ...Stretch })),
          visemes: Type.Array(Type.Object({ id: Type.String(), ...Stretch })),
          sentences: Type.Optional(Type.Array(Type.Object({ text: Type.String(), ...Stretch }))),
        },
        { title: 'SpokenLine' },
      ),
    ),
    voices: Type.Optional(Type.Array(Type.String())),
    measures: Type.Optional(AudioMeasures),
    asked: Type.Optional(AskedSpeech),
  },
  { title: 'Speech' },
);

export const Peaks = Type.Array(Type.Number({ description: '0 to 1, of stretches of equal length' }), {
  title: 'Peaks',
});
