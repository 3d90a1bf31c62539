import type { ModelHints } from '../../app/language-model.js';
import { Random } from './random.js';
import { unitIn, wrapperIn, type Line, type Sentence, type Unit, type Wrapper } from './variables.js';

/** Of five samples one is spoiled on purpose, so that evaluation and selection have something to find. */
const SAMPLES_A_ROUND = 5;

type Spoil = (dialogue: Line[], random: Random, unit: Unit) => Line[];

/** The ways in which weak scripts are weak. */
const spoils: readonly Spoil[] = [
  function shuffle(dialogue, random) {
    return random.shuffled(dialogue);
  },
  function repeat(dialogue, random) {
    const line = random.pick(dialogue);
    return [...dialogue, line, line];
  },
  function mixLanguages(dialogue, _random, unit) {
    const translationOf = new Map(unit.sentences.map(({ text, translation }) => [text, translation]));
    return dialogue.map((line, i) =>
      i % 2 ? { ...line, text: translationOf.get(line.text) ?? line.text } : line,
    );
  },
  function cutShort(dialogue) {
    return dialogue.slice(0, 4);
  },
];

/** A radio script out of the unit's own scenes and the show's own lines. undefined: the prompt has no unit. */
export function composeScript({
  variables,
  seed,
  family,
  sample,
}: ModelHints): { lines: Line[] } | undefined {
  const unit = unitIn(variables);
  if (!unit) return undefined;
  const wrapper = wrapperIn(variables);
  const random = new Random(seed);
  // Samples of one prompt take turns at the scenes, and after each round of them at the show's variants: they differ,
  // whatever the dice say.
  const turn = new Random(family).below(1000) + sample;
  const spoiled = new Random(`${family} spoiled`).below(SAMPLES_A_ROUND) === (sample - 1) % SAMPLES_A_ROUND;

  const scenes = scenesOf(unit);
  const round = Math.floor(turn / scenes.length);
  let dialogue = scenes[turn % scenes.length]!.map(({ speaker, text }, i) => ({
    speaker: speaker ?? (i % 2 ? 'B' : 'A'),
    text,
  }));
  if (spoiled) dialogue = random.pick(spoils)(dialogue, random, unit);
  const outro = spoiled && random.next() < 0.5 ? [] : hostLines('outro', unit, wrapper, round);
  return { lines: [...hostLines('intro', unit, wrapper, round), ...dialogue, ...outro] };
}

function scenesOf({ sentences }: Unit): Sentence[][] {
  return [...Map.groupBy(sentences, ({ scene }) => scene ?? 0).values()];
}

function hostLines(
  section: 'intro' | 'outro',
  unit: Unit,
  { sections, host }: Wrapper,
  round: number,
): Line[] {
  const variants = sections?.[section]?.find(({ language }) => language === unit.language)?.variants ?? [];
  const variant = variants[round % Math.max(1, variants.length)] ?? [];
  return variant.map((text) => ({
    speaker: host ?? 'Host',
    text: text.replaceAll(/\[[^\]]{1,60}\]/g, unit.name),
  }));
}
