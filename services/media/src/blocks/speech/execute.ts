import { BlockFailure, defineBlock } from '@duofactory/block-kit';
import type { AssembleEpisode } from '../../app/assemble-episode.js';
import { SpeechFailure } from '../../app/speech-failure.js';
import { manifest } from './manifest.js';

/** Speaks the lines of one payload. Result: SpeechResult. Fails with the code of the SpeechFailure. */
export const speechBlock = (assemble: AssembleEpisode) =>
  defineBlock({
    ...manifest,
    pool: 4,
    // Lines that were spoken are kept: a second attempt speaks, and pays for, only those that are missing.
    execute: async ({ with: episode }, context) => {
      const { objects, signal, progress, run, task, workflow, usage } = context;
      try {
        return await assemble.execute(episode, {
          objects,
          signal,
          onLine: (done, total) => progress({ done, total }),
          payer: { run, task, ...(workflow === undefined ? {} : { workflow }), onUsage: usage },
        });
      } catch (error) {
        if (!(error instanceof SpeechFailure)) throw error;
        const { code, message, retryable, afterMs } = error;
        throw new BlockFailure(code, message, {
          retryable,
          ...(afterMs === undefined ? {} : { afterMs }),
          cause: error,
        });
      }
    },
  });
