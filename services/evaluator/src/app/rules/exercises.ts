import { Type, type Static } from 'typebox';
import { defineRule } from './rule.js';
import { Lines, holds } from './script-text.js';

const Exercises = Type.Array(
  Type.Object({
    kind: Type.String(),
    options: Type.Array(Type.String()),
    answer: Type.String(),
    line: Type.Integer({ minimum: 0 }),
  }),
  { minItems: 1 },
);
type Exercise = Static<typeof Exercises>[number];

/** Do the options of every exercise differ, and is the answer one of them? */
export const optionsDistinct = defineRule({
  use: 'options-distinct',
  parameters: Type.Object({ exercises: Exercises }),
  judge: ({ exercises }) =>
    shareOf(exercises, ({ options, answer }) => {
      const plain = options.map((option) => option.trim().toLocaleLowerCase());
      if (new Set(plain).size < plain.length) return 'has the same option twice';
      return options.includes(answer) ? undefined : `has no option "${answer}", which is its answer`;
    }),
});

/** Can the answer of every exercise be heard in its line? */
export const answerInLine = defineRule({
  use: 'answer-in-line',
  parameters: Type.Object({ exercises: Exercises, lines: Lines }),
  judge: ({ exercises, lines }) =>
    shareOf(exercises, ({ answer, line }) => {
      const text = lines[line]?.text;
      if (text === undefined) return `names line ${line}, which is not there`;
      return holds(text, answer) ? undefined : `asks for "${answer}", which is not in "${text}"`;
    }),
});

function shareOf(
  exercises: readonly Exercise[],
  faultOf: (exercise: Exercise) => string | undefined,
): { score: number; reason: string } {
  const faults = exercises.flatMap((exercise) => {
    const fault = faultOf(exercise);
    return fault === undefined ? [] : [`The ${exercise.kind} exercise ${fault}.`];
  });
  return {
    score: 1 - faults.length / exercises.length,
    reason: faults[0] ?? `All ${exercises.length} exercises are fine.`,
  };
}
