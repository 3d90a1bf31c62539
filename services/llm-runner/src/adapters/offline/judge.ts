import type { ModelHints } from '../../app/language-model.js';
import { foreignLines } from './languages.js';
import { linesIn, type Line } from './variables.js';

interface Judgement {
  readonly criteria: { name: string; score: number; reason: string }[];
  readonly confidence: number;
}

interface Finding {
  /** 0-1. */
  readonly quality: number;
  readonly reason: string;
}

type Measure = (lines: readonly Line[], language: string | undefined) => Finding;

const good = (reason: string): Finding => ({ quality: 1, reason });

const measures = {
  language(lines, language) {
    const foreign =
      language === undefined
        ? []
        : foreignLines(
            lines.map(({ text }) => text),
            language,
          );
    if (foreign.length === 0) return good('Every line is in the language of the episode.');
    return {
      quality: Math.max(0, 1 - (2 * foreign.length) / lines.length),
      reason: `${foreign.length} lines are in another language, such as "${foreign[0]}".`,
    };
  },
  turns(lines) {
    const broken = lines.slice(1).filter(({ speaker }, i) => {
      const before = lines[i]!.speaker;
      return speaker === before && speaker !== lines[0]!.speaker;
    });
    if (broken.length === 0) return good('The people take turns.');
    return {
      quality: Math.max(0, 1 - (2 * broken.length) / lines.length),
      reason: `"${broken[0]!.text}" is not answered: ${broken[0]!.speaker} speaks twice.`,
    };
  },
  repeats(lines) {
    const said = new Set<string>();
    const twice = lines.find(({ text }) => said.size === said.add(text).size);
    if (!twice) return good('Nothing is said twice.');
    return { quality: said.size / lines.length - 0.3, reason: `"${twice.text}" is said more than once.` };
  },
  marks(lines) {
    const open = lines.filter(({ text }) => !/[.!?…。！？।"”»')]$/u.test(text.trim()));
    if (open.length === 0) return good('Every line ends as a sentence does.');
    return {
      quality: 1 - open.length / lines.length,
      reason: `"${open[0]!.text}" has no mark at its end.`,
    };
  },
  frame(lines) {
    const host = lines[0]?.speaker;
    const closed = lines.length > 1 && lines.at(-1)!.speaker === host;
    const inner = lines.filter(({ speaker }) => speaker !== host).length;
    if (!closed) return { quality: 0.4, reason: `${host} opens the episode, and nobody closes it.` };
    if (inner < 4) return { quality: 0.4, reason: `Only ${inner} lines lie between opening and closing.` };
    return good('It has an opening, a middle and a close.');
  },
  answers(lines) {
    const questions = lines.flatMap(({ text }, i) => (/[?？]\s*$/u.test(text) ? [i] : []));
    const open = questions.filter((i) => {
      const next = lines[i + 1];
      return !next || next.speaker === lines[i]!.speaker;
    });
    if (open.length === 0) return good('Every question is answered by somebody else.');
    return {
      quality: 1 - open.length / Math.max(1, questions.length),
      reason: `Nobody answers "${lines[open[0]!]!.text}"`,
    };
  },
  cast(lines) {
    const people = new Set(lines.map(({ speaker }) => speaker)).size;
    return people === 3
      ? good('A host and two people.')
      : { quality: 0.5, reason: `${people} people speak, not a host and two.` };
  },
} satisfies Record<string, Measure>;

/** Which measures speak for a criterion; one that is not named here is judged by all. */
const CRITERIA: Record<string, readonly (keyof typeof measures)[]> = {
  idiom: ['language', 'repeats'],
  turns: ['turns', 'repeats'],
  grammar: ['marks', 'language'],
  story: ['frame', 'repeats'],
  order: ['turns', 'answers'],
  people: ['cast'],
};

/** Measures what can be measured in a script, on the scale of the schema. undefined: the prompt has no script. */
export function judgeScript(
  { variables }: ModelHints,
  { names, lowest, highest }: { names: readonly string[]; lowest: number; highest: number },
): Judgement | undefined {
  const lines = linesIn(variables);
  if (!lines) return undefined;
  const language = typeof variables['language'] === 'string' ? variables['language'] : undefined;
  const criteria = names.map((name) => {
    const findings = (CRITERIA[name] ?? (Object.keys(measures) as (keyof typeof measures)[])).map((measure) =>
      measures[measure](lines, language),
    );
    const worst = findings.reduce((a, b) => (b.quality < a.quality ? b : a));
    const mean = findings.reduce((sum, { quality }) => sum + Math.max(0, quality), 0) / findings.length;
    const quality = (Math.max(0, worst.quality) + mean) / 2;
    return {
      name,
      score: Math.round((lowest + quality * (highest - lowest)) * 2) / 2,
      reason: worst.reason,
    };
  });
  // It measures form and understands nothing.
  return { criteria, confidence: 0.5 };
}
