import type { ModelHints } from '../../app/language-model.js';
import { Random } from './random.js';
import { linesIn, unitIn, type Line, type Unit } from './variables.js';

interface Exercise {
  readonly kind: 'listen' | 'comprehension' | 'cap-the-gap';
  readonly prompt: string;
  readonly options: string[];
  readonly answer: string;
  readonly line: number;
}

/** A word of the unit as it stands in a line. */
interface Place {
  readonly line: number;
  readonly word: string;
  readonly translation: string;
  readonly start: number;
  readonly end: number;
}

/** Instructions in the learner's language. */
const INSTRUCTIONS: Record<string, { listen: string; comprehension: (meaning: string) => string }> = {
  en: {
    listen: 'Which word do you hear?',
    comprehension: (meaning) => `How does the speaker say “${meaning}”?`,
  },
  fr: {
    listen: 'Quel mot entendez-vous ?',
    comprehension: (meaning) => `Comment dit-on « ${meaning} » ici ?`,
  },
  es: { listen: '¿Qué palabra oyes?', comprehension: (meaning) => `¿Cómo se dice «${meaning}» aquí?` },
  de: { listen: 'Welches Wort hören Sie?', comprehension: (meaning) => `Wie sagt die Person „${meaning}“?` },
  pt: { listen: 'Qual palavra você ouve?', comprehension: (meaning) => `Como a pessoa diz “${meaning}”?` },
  it: { listen: 'Quale parola senti?', comprehension: (meaning) => `Come si dice “${meaning}” qui?` },
};

const SAMPLES_A_ROUND = 3;
const OPTIONS = 3;

/** One exercise of each kind on the script's lines. undefined: the prompt has no script, or too few of the unit's words are in it. */
export function composeExercises({
  variables,
  seed,
  family,
  sample,
}: ModelHints): { exercises: Exercise[] } | undefined {
  const unit = unitIn(variables);
  const lines = linesIn(variables);
  if (!unit || !lines) return undefined;
  const random = new Random(seed);
  const host = lines[0]!.speaker;
  const places = lines.flatMap((line, i) => (line.speaker === host ? [] : placesIn(line, i, unit)));
  const chosen = onePerLine(random.shuffled(places))
    .slice(0, 3)
    .sort((a, b) => a.line - b.line);
  if (chosen.length < 3) return undefined;
  const said = INSTRUCTIONS[unit.from] ?? INSTRUCTIONS['en']!;
  const [first, second, third] = chosen as [Place, Place, Place];
  const exercises: Exercise[] = [
    { kind: 'listen', prompt: said.listen, ...optionsFor(first, lines, unit, random) },
    {
      kind: 'comprehension',
      prompt: said.comprehension(second.translation),
      ...optionsFor(second, lines, unit, random),
    },
    {
      kind: 'cap-the-gap',
      prompt: gapIn(lines[third.line]!, third),
      ...optionsFor(third, lines, unit, random),
    },
  ];
  const spoiled = new Random(`${family} spoiled`).below(SAMPLES_A_ROUND) === (sample - 1) % SAMPLES_A_ROUND;
  return { exercises: spoiled ? spoil(exercises, lines, random) : exercises };
}

function placesIn({ text }: Line, line: number, { words }: Unit): Place[] {
  return words.flatMap(({ text: word, translation }) => {
    const start = text.toLocaleLowerCase().indexOf(word.toLocaleLowerCase());
    const end = start + word.length;
    const whole = start >= 0 && !/\p{L}/u.test(text[start - 1] ?? ' ') && !/\p{L}/u.test(text[end] ?? ' ');
    return whole ? [{ line, word: text.slice(start, end), translation, start, end }] : [];
  });
}

function onePerLine(places: readonly Place[]): Place[] {
  return places.filter(({ line }, i) => places.findIndex((one) => one.line === line) === i);
}

/** The answer among other words of the unit that the line does not have, in lower case so that none stands out. */
function optionsFor(
  { word, line }: Place,
  lines: readonly Line[],
  { words }: Unit,
  random: Random,
): Pick<Exercise, 'options' | 'answer' | 'line'> {
  const answer = word.toLocaleLowerCase();
  const heard = lines[line]!.text.toLocaleLowerCase();
  const others = words
    .map(({ text }) => text.toLocaleLowerCase())
    .filter((text) => text !== answer && !heard.includes(text))
    .sort((a, b) => Math.abs(a.length - answer.length) - Math.abs(b.length - answer.length))
    .slice(0, OPTIONS + 2);
  const wrong = random.shuffled(others).slice(0, OPTIONS - 1);
  return { options: random.shuffled([answer, ...wrong]), answer, line };
}

function gapIn({ text }: Line, { start, end }: Place): string {
  return `${text.slice(0, start)}___${text.slice(end)}`;
}

/** The faults of weak exercises: the same option twice, or a line that does not hold the answer. */
function spoil(exercises: readonly Exercise[], lines: readonly Line[], random: Random): Exercise[] {
  const at = random.below(exercises.length);
  return exercises.map((exercise, i) => {
    if (i !== at) return exercise;
    if (random.next() < 0.5)
      return { ...exercise, options: [exercise.answer, exercise.answer, exercise.options[0]!] };
    const elsewhere = lines.findIndex(({ text }) => !text.toLocaleLowerCase().includes(exercise.answer));
    return { ...exercise, line: Math.max(0, elsewhere) };
  });
}
