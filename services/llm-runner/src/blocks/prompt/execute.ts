import { BlockFailure, defineBlock } from '@duofactory/block-kit';
import type { PromptLibrary } from '../../app/prompt-kind.js';
import { scopeOf, type RunPrompt } from '../../app/run-prompt.js';
import { manifest } from './manifest.js';

/** One sample of a prompt. Result: `{text}`, or the object of the prompt's output schema. */
export const promptBlock = (library: PromptLibrary, runPrompt: RunPrompt) =>
  defineBlock({
    ...manifest,
    // It waits for a vendor nearly all the time.
    pool: 64,
    execute: async (
      { with: configuration, payload, inputs, variables },
      { once, sample, run, workflow, above },
    ) => {
      const version = await library.find(configuration.prompt);
      if (!version)
        throw new BlockFailure(
          'unknown-prompt',
          `No version of prompt "${configuration.prompt}" is published`,
        );
      const scope = scopeOf({ with: configuration, payload, inputs, variables });
      const purpose = {
        run,
        ...(workflow === undefined ? {} : { workflow }),
        ...(above === undefined ? {} : { above }),
      };
      return runPrompt.execute({ version, scope, sample, purpose }, once);
    },
  });
