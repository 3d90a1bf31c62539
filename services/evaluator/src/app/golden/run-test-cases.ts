import {
  hashJson,
  type EvaluatorDefinition,
  type GoldenCase,
  type GoldenSetDefinition,
  type Usage,
} from '@duofactory/contracts';
import type { DefinitionVersion } from '@duofactory/platform';
import { PASS_AT, weakest, type EvaluatePayload, type WeighedOpinion } from '../evaluate-payload.js';
import { bounded } from '../bounded.js';
import { failureOf } from '../failure-of.js';
import { weighedMean } from '../statistics.js';
import type { Verdict } from './agreement.js';
import { testReport, versionReport, type CaseResult, type TestReport } from './test-report.js';

export interface TestToRun {
  readonly goldenSet: GoldenSetDefinition;
  readonly evaluators: readonly DefinitionVersion<EvaluatorDefinition>[];
  /** How many times each question is asked. */
  readonly repeats: number;
}

/** Cases that are judged at the same time. */
const AT_ONCE = 16;

/** What agreement is told by. */
type About = Pick<GoldenCase, 'course' | 'judgedOn'>;

interface JudgedCase {
  readonly id: string;
  readonly human: Verdict;
  readonly about: About;
  readonly scope: Readonly<Record<string, unknown>>;
}

/** The cases of a set that a person has judged for this evaluator. */
export function casesFor({ given, cases }: GoldenSetDefinition, evaluator: string): JudgedCase[] {
  return cases.flatMap((one) => {
    const { id, verdict, verdicts, given: own } = one;
    const human = verdicts?.[evaluator] ?? verdict;
    return human === undefined ? [] : [{ id, human, about: aboutOf(one), scope: { ...given, ...own } }];
  });
}

function aboutOf({ course, judgedOn }: GoldenCase): About {
  return {
    ...(course === undefined ? {} : { course }),
    ...(judgedOn === undefined ? {} : { judgedOn }),
  };
}

/** Asks each evaluator about each of its cases. Model judges are paid once for a question, whoever tests again. */
export async function runTestCases(
  evaluate: EvaluatePayload,
  { goldenSet, evaluators, repeats }: TestToRun,
  onAnswer: () => void,
  signal: AbortSignal,
): Promise<TestReport> {
  const versions = [];
  for (const { id, version, definition } of evaluators) {
    const evaluator = `${id}@${version}`;
    const passAt = definition.passAt ?? PASS_AT;
    const usage: Usage[] = [];
    const onUsage = (paid: Usage): void => void usage.push(paid);
    const results = await bounded(AT_ONCE, casesFor(goldenSet, id), async (one): Promise<CaseResult> => {
      const question = { scope: one.scope, purpose: ['golden', hashJson(one.scope)], signal, onUsage };
      const opinions: WeighedOpinion[] = [];
      try {
        for (let repeat = 0; repeat < repeats; repeat++) {
          opinions.push(await evaluate.execute(evaluator, { ...question, repeat }));
          onAnswer();
        }
      } catch (error) {
        signal.throwIfAborted();
        return unanswered(one, error);
      }
      return judged(one, opinions, passAt);
    });
    versions.push(versionReport({ evaluator, passAt, results, usage }));
  }
  return testReport(versions);
}

function judged(
  { id, human, about }: JudgedCase,
  opinions: readonly WeighedOpinion[],
  passAt: number,
): CaseResult {
  const score = weighedMean(opinions);
  return {
    ...{ case: id, human, ...about },
    verdict: score >= passAt ? 'pass' : 'fail',
    score,
    reasons: opinions.map(weakest),
    votes: opinions.flatMap((opinion) => opinion.votes ?? [opinion.score]),
    error: null,
  };
}

function unanswered({ id, human, about }: JudgedCase, error: unknown): CaseResult {
  return {
    ...{ case: id, human, ...about, verdict: null, score: null, reasons: [], votes: [] },
    error: failureOf(error),
  };
}
