import { hashJson, spentOn, sumIfKnown, type EvaluatorDefinition, type Usage } from '@duofactory/contracts';
import { Problem, diffDefinitions, type Clock, type Database } from '@duofactory/platform';
import { keepComparison, listComparisons, type PastComparison } from '../../store/prompt-comparisons.js';
import { bounded } from '../bounded.js';
import { failureOf } from '../failure-of.js';
import { mean } from '../statistics.js';
import { combineScores, type Combination } from '../combine-scores.js';
import { DEEPEST, weakest, type EvaluatePayload } from '../evaluate-payload.js';
import type { EvaluatorLibrary } from '../evaluator-kind.js';
import type { JudgeClient, PromptToAsk } from '../judge-client.js';
import {
  comparisonReport,
  type ComparedAnswer,
  type ComparisonReport,
  type JudgedPair,
} from './comparison-report.js';
import type { GivenInput, PastInput, PastInputsClient } from './past-inputs-client.js';

export interface ComparisonRequest {
  readonly prompt: string;
  /** A version, a label, or `draft`; default: the latest and the draft. */
  readonly from?: string;
  readonly to: string;
  readonly limit: number;
  readonly find?: string;
  readonly order?: 'newest' | 'worst';
  /** Default: those of the block below in the workflow that the input is of. */
  readonly evaluators?: readonly string[];
  /** How often each answer is judged: shows how far the evaluator lies from itself. */
  readonly judgements: number;
}

export interface Comparison extends ComparisonReport {
  readonly prompt: string;
  readonly from: string;
  readonly to: string;
  readonly evaluators: readonly string[];
  readonly paid: { readonly amount: number; readonly saved: number; readonly unpriced: number };
}

export interface ComparisonEstimate {
  readonly inputs: number;
  /** Answers of the prompt, and judgements of them. */
  readonly answers: number;
  readonly judgements: number;
  /** In US dollars, if no answer is there yet; null: a price is unknown. */
  readonly cost: number | null;
  readonly evaluators: readonly string[];
}

interface Judging {
  readonly evaluators: readonly string[];
  readonly combine: Combination;
  readonly weights: readonly number[];
}

interface Side {
  readonly name: string;
  /** undefined: the draft. */
  readonly version: number | undefined;
  /** Of its definition. */
  readonly hash: string;
  readonly ask: PromptToAsk;
}

/** Inputs that are asked about at the same time. */
const AT_ONCE = 8;

/** Compares two versions of a prompt, or one and the draft, on inputs that its blocks were really given. */
export class ComparePrompts {
  constructor(
    private readonly pastInputs: PastInputsClient,
    private readonly prompts: JudgeClient,
    private readonly evaluate: EvaluatePayload,
    private readonly evaluators: EvaluatorLibrary,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Those that came to their end, newest first. */
  past(of: {
    prompt: string;
    since: number | undefined;
    hash: string | undefined;
    limit: number;
  }): Promise<PastComparison[]> {
    return listComparisons(this.database, of);
  }

  /** Throws Problem: an unknown prompt, version or evaluator. */
  async estimate(request: ComparisonRequest, signal: AbortSignal): Promise<ComparisonEstimate> {
    const { inputs, before, after } = await this.#prepare(request, signal);
    const asked = await bounded(AT_ONCE, inputs, async (input) => {
      const variables = scopeOf(await this.pastInputs.given(input.task, signal));
      const costs = [];
      for (const { ask } of [before, after])
        costs.push(await this.pastInputs.estimateOf({ ...ask, variables }, signal).catch(withoutEstimate));
      return costs;
    });
    const judgements = new Map<string, number>();
    for (const input of inputs)
      for (const evaluator of judgingOf(input, request)?.evaluators ?? [])
        judgements.set(evaluator, (judgements.get(evaluator) ?? 0) + 2 * request.judgements);
    const judged = [];
    for (const [evaluator, times] of judgements)
      judged.push(...(await this.#estimateJudge(evaluator, times, signal)));
    return {
      ...{ inputs: inputs.length, answers: 2 * inputs.length, evaluators: [...judgements.keys()] },
      judgements: [...judgements.values()].reduce((sum, times) => sum + times, 0),
      cost: sumIfKnown([...asked.flat(), ...judged].map(({ cost }) => cost)),
    };
  }

  /** Whatever was asked before is answered by the ledger, and paid once. Throws Problem. */
  async execute(
    request: ComparisonRequest,
    onPair: (done: number, total: number) => void,
    signal: AbortSignal,
  ): Promise<Comparison> {
    const { inputs, before, after } = await this.#prepare(request, signal);
    const usage: Usage[] = [];
    let done = 0;
    onPair(done, inputs.length);
    const pairs = await bounded(AT_ONCE, inputs, async (input) => {
      const pair = await this.#compare(input, { before, after, request, usage, signal });
      done += 1;
      onPair(done, inputs.length);
      return pair;
    });
    const { paid, saved, unpriced } = spentOn(usage);
    const report = comparisonReport(pairs);
    await this.#keep(request.prompt, { before, after, report });
    return {
      ...{ prompt: request.prompt, from: before.name, to: after.name },
      evaluators: [...new Set(inputs.flatMap((input) => judgingOf(input, request)?.evaluators ?? []))],
      ...report,
      paid: { amount: paid, saved, unpriced },
    };
  }

  /** Whoever publishes may be asked for it. With a draft before, there is nothing that it is the preview of. */
  async #keep(prompt: string, of: { before: Side; after: Side; report: ComparisonReport }): Promise<void> {
    const { version: since } = of.before;
    if (since === undefined) return;
    const { better, same, worse, unjudged, pairs } = of.report;
    await keepComparison(this.database, {
      ...{ prompt, since, hash: of.after.hash, inputs: pairs.length, better, same, worse, unjudged },
      at: this.clock.now(),
    });
  }

  async #prepare(request: ComparisonRequest, signal: AbortSignal) {
    const { prompt, from, to, limit, find, order, evaluators = [] } = request;
    for (const reference of evaluators) await this.evaluators.show(reference);
    const [before, after] = await Promise.all([
      this.#side(prompt, from, signal),
      this.#side(prompt, to, signal),
    ]);
    const sought = { ...(find === undefined ? {} : { find }), ...(order === undefined ? {} : { order }) };
    const inputs = await this.pastInputs.list(prompt, { limit, ...sought }, signal);
    return { inputs, before, after };
  }

  async #side(prompt: string, which: string | undefined, signal: AbortSignal): Promise<Side> {
    if (which === 'draft') {
      const definition = await this.pastInputs.draftOf(prompt, signal);
      return { name: 'draft', version: undefined, hash: hashJson(definition), ask: { definition } };
    }
    const reference = which === undefined ? prompt : `${prompt}@${which}`;
    const { version, hash } = await this.pastInputs.show(reference, signal);
    return { name: String(version), version, hash, ask: { prompt: `${prompt}@${version}` } };
  }

  async #compare(
    input: PastInput,
    of: { before: Side; after: Side; request: ComparisonRequest; usage: Usage[]; signal: AbortSignal },
  ): Promise<JudgedPair> {
    const { before, after, request, usage, signal } = of;
    signal.throwIfAborted();
    const given = await this.pastInputs.given(input.task, signal);
    const judging = judgingOf(input, request);
    const answers = [];
    for (const side of [before, after])
      answers.push(await this.#answer(input, { given, side, judging, request, usage, signal }));
    const [first, second] = answers as [ComparedAnswer, ComparedAnswer];
    const { task, run, workflow, block, key } = input;
    return {
      ...{ task, run, workflow, block, key, before: first, after: second },
      changes: first.value && second.value ? diffDefinitions(first.value, second.value) : [],
    };
  }

  async #answer(
    { task, block }: PastInput,
    of: {
      given: GivenInput;
      side: Side;
      judging: Judging | undefined;
      request: ComparisonRequest;
      usage: Usage[];
      signal: AbortSignal;
    },
  ): Promise<ComparedAnswer> {
    const { given, side, judging, request, usage, signal } = of;
    const unjudged = { score: null, judgements: [], reasons: [], judgeError: null };
    let value: Record<string, unknown>;
    let cost: number | null;
    try {
      const asked = await this.prompts.run(
        {
          ...{ ...side.ask, name: `The prompt "${request.prompt}"`, variables: scopeOf(given), sample: 1 },
          purpose: ['comparison', request.prompt, task],
        },
        signal,
      );
      usage.push(...asked.usage);
      value = asked.value as Record<string, unknown>;
      cost = sumIfKnown(asked.usage.map((one) => one.cost?.amount ?? null));
    } catch (error) {
      signal.throwIfAborted();
      return { value: null, error: failureOf(error), cost: null, ...unjudged };
    }
    if (!judging) return { value, error: null, cost, ...unjudged };
    const scope = { ...given.variables, ...given.inputs, ...given.payload.blockResults, [block]: value };
    try {
      const judged = [];
      for (let repeat = 0; repeat < request.judgements; repeat++)
        judged.push(await this.#judge(judging, { task, scope, repeat, usage, signal }));
      const judgements = judged.map(({ score }) => score);
      const score = mean(judgements);
      return { value, error: null, cost, score, judgements, reasons: judged[0]!.reasons, judgeError: null };
    } catch (error) {
      signal.throwIfAborted();
      return { value, error: null, cost, ...unjudged, judgeError: failureOf(error) };
    }
  }

  async #judge(
    { evaluators, combine, weights }: Judging,
    of: {
      task: string;
      scope: Readonly<Record<string, unknown>>;
      repeat: number;
      usage: Usage[];
      signal: AbortSignal;
    },
  ): Promise<{ score: number; reasons: string[] }> {
    const { task, scope, repeat, usage, signal } = of;
    const question = {
      ...{ scope, repeat, signal },
      // Equal answers to one input are one question: both sides have one judgement of it.
      purpose: ['comparison', task, hashJson(scope)],
      onUsage: (paid: Usage) => void usage.push(paid),
    };
    const opinions = await Promise.all(evaluators.map((one) => this.evaluate.execute(one, question)));
    const score = combineScores(
      combine,
      opinions.map((opinion, i) => ({
        ...{ score: opinion.score, weight: weights[i] ?? 1, pass: opinion.verdict === 'pass' },
      })),
    );
    return { score, reasons: opinions.map((opinion) => `${opinion.evaluator}: ${weakest(opinion)}`) };
  }

  async #estimateJudge(
    reference: string,
    times: number,
    signal: AbortSignal,
    depth = 0,
  ): Promise<{ cost: number | null }[]> {
    const definition: EvaluatorDefinition | undefined = (await this.evaluators.find(reference))?.definition;
    if (definition?.type === 'model') {
      const { prompt, votes = 1 } = definition.with;
      return [await this.pastInputs.estimateOfJudge(prompt, times * votes, signal)];
    }
    if (definition?.type !== 'composite' || depth > DEEPEST) return [];
    const parts = [];
    for (const { evaluator } of definition.with.evaluators)
      parts.push(...(await this.#estimateJudge(evaluator, times, signal, depth + 1)));
    return parts;
  }
}

/** What variables mean to a block, the nearest last. */
function scopeOf({ with: { inputs: own }, payload, inputs, variables }: GivenInput): Record<string, unknown> {
  return { ...variables, ...inputs, ...payload.blockResults, ...own };
}

const COMBINATIONS: readonly string[] = ['mean', 'min', 'weighted', 'all-must-pass'] satisfies Combination[];

function judgingOf({ judge }: PastInput, { evaluators: chosen }: ComparisonRequest): Judging | undefined {
  if (chosen) return { evaluators: chosen, combine: 'mean', weights: [] };
  const { evaluators, combine, weights } = judge?.with ?? {};
  if (!isTexts(evaluators) || evaluators.length === 0) return undefined;
  return {
    evaluators,
    combine: COMBINATIONS.includes(combine as string) ? (combine as Combination) : 'mean',
    weights: Array.isArray(weights) ? (weights as number[]) : [],
  };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** What cannot be asked costs nothing: the comparison says why. */
function withoutEstimate(error: unknown): { cost: number } {
  if (error instanceof Problem && error.status < 500) return { cost: 0 };
  throw error;
}
