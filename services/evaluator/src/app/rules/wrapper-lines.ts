import { Type } from 'typebox';
import { defineRule } from './rule.js';
import { Lines } from './script-text.js';

const Section = Type.Array(
  Type.Object({ language: Type.String(), variants: Type.Array(Type.Array(Type.String())) }),
);

/** Does the script open and close with the show's own lines, word for word? */
export const wrapperLines = defineRule({
  use: 'wrapper-lines',
  parameters: Type.Object({
    lines: Lines,
    sections: Type.Object({ intro: Type.Optional(Section), outro: Type.Optional(Section) }),
    language: Type.String(),
  }),
  judge: ({ lines, sections, language }) => {
    const said = lines.map(({ text }) => text.trim());
    const variantsOf = (section: 'intro' | 'outro'): string[][] =>
      sections[section]?.find((one) => one.language === language)?.variants ?? [];
    const opens = matches(variantsOf('intro'), (variant) => said.slice(0, variant.length));
    const closes = matches(variantsOf('outro'), (variant) => said.slice(-variant.length));
    const faults = [
      ...(opens ? [] : ['does not open as the show does']),
      ...(closes ? [] : ['does not close as the show does']),
    ];
    return {
      score: 1 - faults.length / 2,
      reason:
        faults.length === 0 ? 'It opens and closes as the show does.' : `The script ${faults.join(' and ')}.`,
    };
  },
});

/** True where the show has no such section. */
function matches(variants: readonly string[][], part: (variant: string[]) => string[]): boolean {
  if (variants.length === 0) return true;
  return variants.some((variant) => {
    const spoken = part(variant);
    return spoken.length === variant.length && variant.every((line, i) => fits(line.trim(), spoken[i]!));
  });
}

const LONGEST_SLOT = 80;

/** A line may hold slots such as [subject], filled with something short. */
function fits(line: string, spoken: string): boolean {
  const [first = '', ...between] = line.split(/\[[^\]]{1,60}\]/);
  const last = between.pop();
  if (last === undefined) return first === spoken;
  if (!spoken.startsWith(first)) return false;
  let at = first.length;
  for (const part of between) {
    const found = spoken.indexOf(part, at);
    if (found < 0 || found - at > LONGEST_SLOT) return false;
    at = found + part.length;
  }
  // What fills the slot may say what comes after it, too: "Hoy: el Sr. López."
  const end = spoken.length - last.length;
  return spoken.endsWith(last) && end >= at && end - at <= LONGEST_SLOT;
}
