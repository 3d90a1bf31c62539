import { BlockFailure, defineBlock } from '@duofactory/block-kit';
import type { AssembleEpisode } from '../../app/assemble-episode.js';
import { SpeechFailure } from '../../app/speech-failure.js';
import { TellReuses } from '../../app/tell-reuses.js';
import { manifest } from './manifest.js';

/** Speaks the lines of one payload. Result: SpeechResult. Fails with the code of the SpeechFailure. */
export const speechBlock = (assemble: AssembleEpisode) =>
  defineBlock({
    ...manifest,
    pool: 4,
    // Lines that were spoken are kept: a second attempt speaks, and pays for, only those that are missing.
    execute: async ({ with: episode }, context) => {
      const { objects, signal, progress, transactions, run, task, workflow, above, block } = context;
      const payer = {
        ...{ run, task, block, untimed: context.untimed, onUsage: context.usage, late: context.late },
        ...(workflow === undefined ? {} : { workflow }),
        ...(above === undefined ? {} : { above }),
      };
      const onLine = (done: number, total: number): void => progress({ done, total });
      try {
        return await new TellReuses(transactions).of(payer, (heard) =>
          assemble.execute(episode, { objects, signal, onLine, payer: heard }),
        );
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
