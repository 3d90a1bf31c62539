import type { EvaluateResult } from '@duofactory/contracts';
import { BlockFailure, defineBlock } from '@duofactory/block-kit';
import { combineScores } from '../../app/combine-scores.js';
import { weakest, type EvaluatePayload } from '../../app/evaluate-payload.js';
import { manifest } from './manifest.js';

/** Scores one payload. Result: EvaluateResult. A retry pays only for judges that have not answered: llm-runner remembers. */
export const evaluateBlock = (evaluate: EvaluatePayload) =>
  defineBlock({
    ...manifest,
    pool: 32,
    execute: async (
      { with: { evaluators, combine, weights = [], passAt }, payload, inputs, variables },
      { run, task, attempt, workflow, above, lineage, block, key, sample, signal, untimed, usage },
    ): Promise<EvaluateResult> => {
      if (combine === 'weighted' && weights.length !== evaluators.length) {
        throw new BlockFailure(
          'invalid-with',
          `with.weights has ${weights.length} numbers for ${evaluators.length} evaluators`,
        );
      }
      const question = {
        scope: { ...variables, ...inputs, ...payload.blockResults },
        purpose: [lineage, block, key, sample],
        payer: {
          ...{ run, block, task, attempt },
          ...(workflow === undefined ? {} : { workflow }),
          ...(above === undefined ? {} : { above }),
        },
        signal,
        untimed,
        onUsage: usage,
      };
      const opinions = await Promise.all(evaluators.map((one) => evaluate.execute(one, question)));
      const score = combineScores(
        combine,
        opinions.map((opinion, i) => ({
          score: opinion.score,
          weight: weights[i] ?? 1,
          pass: opinion.verdict === 'pass',
        })),
      );
      return {
        score,
        verdict: score >= passAt ? 'pass' : 'fail',
        reasons: opinions.map((opinion) => `${opinion.evaluator}: ${weakest(opinion)}`),
        confidence: Math.min(...opinions.map(({ confidence }) => confidence)),
        opinions: opinions.map(({ confidence: _, ...opinion }) => opinion),
      };
    },
  });
