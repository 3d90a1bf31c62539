import type { ModelHints } from '../../app/language-model.js';
import { linesIn, unitIn } from './variables.js';

/** The unit's name and who talks. undefined: the prompt has neither a unit nor a script. */
export function composeTitle({ variables }: ModelHints, longest: number): { title: string } | undefined {
  const unit = unitIn(variables) ?? (variables['unit'] as { name?: string } | undefined);
  const lines = linesIn(variables);
  if (typeof unit?.name !== 'string' || !lines) return undefined;
  const host = lines[0]!.speaker;
  const people = [...new Set(lines.map(({ speaker }) => speaker))].filter((speaker) => speaker !== host);
  const title = `${unit.name} · ${people.join(', ')}`;
  return { title: title.length <= longest ? title : unit.name.slice(0, longest) };
}
