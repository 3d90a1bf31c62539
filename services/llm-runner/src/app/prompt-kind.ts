import { templateRoots, type PromptDefinition } from '@duofactory/contracts';
import type { DefinitionKind, DefinitionLibrary } from '@duofactory/platform';
import { checkPrompt } from './check-prompt.js';

export type PromptLibrary = DefinitionLibrary<PromptDefinition>;

export const promptKind: DefinitionKind<PromptDefinition> = {
  kind: 'prompt',
  check: checkPrompt,
  reads: variablesOf,
};

/** What the variables of a prompt start with. */
export function variablesOf({ steps }: PromptDefinition): string[] {
  return templateRoots(steps.map(({ text }) => text ?? ''));
}
