import {
  lookupIn,
  resolveTemplates,
  type EvaluatorDefinition,
  type Opinion,
  type Usage,
} from '@duofactory/contracts';
import { BlockFailure } from '@duofactory/block-kit';
import type { Expressions } from '@duofactory/expressions';
import type { DefinitionVersion } from '@duofactory/platform';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { combineScores } from './combine-scores.js';
import type { EvaluatorLibrary } from './evaluator-kind.js';
import { classified } from './expression-failure.js';
import type { JudgeAnswer, JudgeClient, Payer } from './judge-client.js';
import type { Finding, Rule, RuleTools } from './rules/rule.js';
import { RULES } from './rules/rules.js';
import { weighedMean } from './statistics.js';

/** What an evaluator looks at, and for whom. */
export interface Question {
  /** What templates and expressions may name. */
  readonly scope: Readonly<Record<string, unknown>>;
  /** Names this question for ever: a judge is paid once for it. */
  readonly purpose: readonly unknown[];
  /** Who pays for model judges. */
  readonly payer?: Payer;
  /** How many times it was asked before: each time a judge is asked anew. */
  readonly repeat?: number;
  readonly signal: AbortSignal;
  /** Judges wait for their turn without its time. Default: time goes on. */
  readonly untimed?: <T>(wait: () => Promise<T>) => Promise<T>;
  readonly onUsage: (usage: Usage) => void;
}

export interface WeighedOpinion extends Opinion {
  readonly confidence: number;
}

type Model = Extract<EvaluatorDefinition, { type: 'model' }>;
type Rules = Extract<EvaluatorDefinition, { type: 'rule' }>;
type Composite = Extract<EvaluatorDefinition, { type: 'composite' }>;

/** Where a definition does not say. */
export const PASS_AT = 0.7;
/** Composites may hold composites; a circle of them ends here. */
export const DEEPEST = 8;

const ajv = new Ajv2020({ allErrors: true, strict: false, useDefaults: true });
const checks = new Map([...RULES.values()].map((rule) => [rule.use, ajv.compile(rule.parameters)]));

/** Asks one evaluator, of whichever type, about one payload. */
export class EvaluatePayload {
  constructor(
    private readonly library: EvaluatorLibrary,
    private readonly judges: JudgeClient,
    private readonly expressions: Expressions,
  ) {}

  /** Throws BlockFailure, MissingVariable. */
  async execute(reference: string, question: Question, depth = 0): Promise<WeighedOpinion> {
    const version = await this.library.find(reference);
    if (!version)
      throw new BlockFailure('unknown-evaluator', `No version of evaluator "${reference}" is published`);
    if (depth > DEEPEST)
      throw new BlockFailure(
        'evaluators-in-a-circle',
        `The composite "${reference}" holds itself, or is too deep`,
      );
    const { definition } = version;
    switch (definition.type) {
      case 'rule':
        return this.#byRules(version, definition, question);
      case 'model':
        return this.#byModel(version, definition, question);
      case 'composite':
        return this.#byOthers(version, definition, question, depth);
    }
  }

  async #byRules(version: Version, { with: { rules } }: Rules, question: Question): Promise<WeighedOpinion> {
    const { scope, signal } = question;
    const criteria = await Promise.all(
      rules.map(async ({ use, weight = 1, ...written }) => {
        const rule = RULES.get(use)!;
        const parameters = parametersOf(rule, written, scope);
        const tools = { expressions: this.expressions, scope, signal };
        const { score, reason } = await judgedBy(rule, parameters, tools);
        return { name: use, score, reason, weight };
      }),
    );
    return opinionOf(version, {
      score: weighedMean(criteria),
      confidence: 1,
      criteria: criteria.map(({ name, score: own, reason }) => ({ name, score: own, reason })),
    });
  }

  async #byModel(
    version: Version,
    { with: { prompt, inputs = {}, scale, votes = 1 } }: Model,
    { scope, purpose, payer, repeat = 0, signal, untimed, onUsage }: Question,
  ): Promise<WeighedOpinion> {
    const variables = resolveTemplates(inputs, lookupIn(scope)) as Record<string, unknown>;
    const answers = await Promise.all(
      Array.from({ length: votes }, async (_, vote) => {
        const { answer, prompt: asked } = await this.judges.ask(
          {
            ...{ prompt: version.pins?.[prompt] ?? prompt, variables, sample: repeat * votes + vote + 1 },
            purpose: [...purpose, nameOf(version), vote, ...(repeat > 0 ? [repeat] : [])],
            ...(payer === undefined ? {} : { payer }),
            ...(untimed === undefined ? {} : { untimed }),
            onUsage,
          },
          signal,
        );
        refuseOffScale(answer, { prompt, scale });
        return { ...answer, asked };
      }),
    );
    const [lowest, highest] = scale;
    const normal = (score: number): number => (score - lowest) / (highest - lowest);
    const scores = answers.map(({ criteria }) => mean(criteria.map((one) => normal(one.score))));
    const first = answers[0]!;
    return opinionOf(version, {
      score: mean(scores),
      confidence: mean(answers.map(({ confidence = 1 }) => confidence)),
      criteria: first.criteria.map(({ name, reason }) => ({
        name,
        score: mean(
          answers
            .flatMap(({ criteria }) => criteria.filter((one) => one.name === name))
            .map((one) => normal(one.score)),
        ),
        reason,
      })),
      ...(votes > 1 ? { votes: scores, spread: Math.max(...scores) - Math.min(...scores) } : {}),
      prompts: distinct(answers.map(({ asked }) => asked)),
    });
  }

  async #byOthers(
    version: Version,
    { with: { evaluators, combine } }: Composite,
    question: Question,
    depth: number,
  ): Promise<WeighedOpinion> {
    const opinions = await Promise.all(
      evaluators.map(({ evaluator }) =>
        this.execute(version.pins?.[evaluator] ?? evaluator, question, depth + 1),
      ),
    );
    const score = combineScores(
      combine,
      opinions.map((opinion, i) => {
        const { weight = 1, passAt } = evaluators[i]!;
        const pass = passAt === undefined ? opinion.verdict === 'pass' : opinion.score >= passAt;
        return { score: opinion.score, weight, pass };
      }),
    );
    return opinionOf(version, {
      score,
      confidence: Math.min(...opinions.map(({ confidence }) => confidence)),
      criteria: opinions.map((opinion) => ({
        name: opinion.evaluator,
        score: opinion.score,
        reason: weakest(opinion),
      })),
      prompts: distinct(opinions.flatMap(({ prompts = [] }) => prompts)),
      parts: distinct(opinions.flatMap(({ evaluator, parts = [] }) => [evaluator, ...parts])),
    });
  }
}

type Version = DefinitionVersion<EvaluatorDefinition>;
type Judged = Omit<WeighedOpinion, 'evaluator' | 'verdict'>;

/** Whoever scores 7 of 5 did not understand the scale: taken for 5, it would pass what nobody judged. Throws BlockFailure. */
function refuseOffScale(
  { criteria }: JudgeAnswer,
  { prompt, scale: [lowest, highest] }: { prompt: string; scale: readonly [number, number] },
): void {
  const off = criteria.find(({ score }) => score < lowest || score > highest);
  if (!off) return;
  throw new BlockFailure(
    'invalid-judgement',
    `The prompt "${prompt}" scores "${off.name}" ${off.score}, off the evaluator's scale of ${lowest} to ${highest}: give the score in its output's schema this minimum and maximum`,
  );
}

/** What to say in one sentence: the reason of the criterion that scored lowest. */
export function weakest({ criteria }: Pick<Opinion, 'criteria'>): string {
  return criteria.reduce((a, b) => (b.score < a.score ? b : a)).reason;
}

function opinionOf(version: Version, judged: Judged): WeighedOpinion {
  const passAt = version.definition.passAt ?? PASS_AT;
  return { evaluator: nameOf(version), verdict: judged.score >= passAt ? 'pass' : 'fail', ...judged };
}

/** Throws BlockFailure. */
async function judgedBy(rule: Rule, parameters: object, tools: RuleTools): Promise<Finding> {
  try {
    return await rule.judge(parameters as never, tools);
  } catch (error) {
    throw classified(error);
  }
}

function parametersOf(rule: Rule, written: object, scope: Readonly<Record<string, unknown>>): object {
  // An expression names things itself: it is no template.
  const parameters = rule.use === 'expression' ? { ...written } : resolveTemplates(written, lookupIn(scope));
  const check = checks.get(rule.use)!;
  if (!check(parameters)) {
    const faults = (check.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath.slice(1)} ${message}`,
    );
    throw new BlockFailure(
      'invalid-parameters',
      `The rule "${rule.use}" cannot judge this: ${faults.join('; ')}`,
    );
  }
  return parameters as object;
}

function nameOf({ id, version }: Version): string {
  return `${id}@${version}`;
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)].sort();

function mean(scores: readonly number[]): number {
  return weighedMean(scores.map((score) => ({ score })));
}
