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

/** The model writes this step before the answer, by a call of its own. Where the last step is the model's, it is the answer. */
export function isCallBefore(steps: PromptDefinition['steps'], i: number): boolean {
  return steps[i]!.generate === true && i < steps.length - 1;
}

/** How many calls one run of a prompt makes, where no answer has to be mended. */
export function callsOf({ steps }: PromptDefinition): number {
  return steps.filter((_, i) => isCallBefore(steps, i)).length + 1;
}
