import { templatePaths, templateRoots, type PromptDefinition } from '@duofactory/contracts';
import type { DefinitionKind, DefinitionLibrary } from '@duofactory/platform';
import { checkPrompt } from './check-prompt.js';

export type PromptLibrary = DefinitionLibrary<PromptDefinition>;

export const promptKind: DefinitionKind<PromptDefinition> = {
  kind: 'prompt',
  resource: 'prompts',
  check: checkPrompt,
  variables: (prompt) => templatePaths((prompt as Partial<PromptDefinition>).steps),
};

/** What the variables of a prompt start with. */
export function variablesOf({ steps }: PromptDefinition): string[] {
  return templateRoots(steps.map(({ text }) => text ?? ''));
}
