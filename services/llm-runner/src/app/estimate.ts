import { MissingVariable, lookupIn, resolveTemplates } from '@duofactory/contracts';
import type { Database } from '@duofactory/platform';
import { pastCosts, type PastCost } from '../store/past-costs.js';
import { estimateCall, sumOfEstimates } from './estimate-call.js';
import type { BudgetLeft, Budgets } from './budgets.js';
import type { LanguageModel } from './language-model.js';
import { callsOf, type PromptLibrary } from './prompt-kind.js';

export interface BlockToEstimate {
  readonly block: string;
  /** What it runs, as far as that is known; `times` a payload. */
  readonly prompt?: string;
  readonly times: number;
  /** false: it works without models, such as by rules alone. */
  readonly asksModel: boolean;
}

export interface BlockEstimate {
  readonly block: string;
  /** `past-runs`: of this block; `tokens`: one payload's prompts as they are written; `unknown`: neither is known. */
  readonly basis: 'past-runs' | 'tokens' | 'unknown';
  /** How many runs it is taken from. */
  readonly runs: number;
  readonly calls: number | null;
  /** In US dollars; null: unknown. */
  readonly cost: { readonly mean: number; readonly highest: number } | null;
  readonly tokens: number | null;
}

/** What a run will cost, before it starts: from past runs of its blocks, else from the length of its prompts. */
export class EstimateRun {
  constructor(
    private readonly database: Database,
    private readonly library: PromptLibrary,
    private readonly model: LanguageModel,
    private readonly budgets: Budgets,
  ) {}

  async execute(of: {
    workflow: string;
    inputs: Readonly<Record<string, unknown>>;
    blocks: readonly BlockToEstimate[];
  }): Promise<{
    currency: 'USD';
    blocks: BlockEstimate[];
    total: { mean: number; highest: number; unknown: string[] };
    /** What budgets leave it. */
    budgets: BudgetLeft[];
  }> {
    const past = new Map((await pastCosts(this.database, of.workflow)).map((one) => [one.block, one]));
    const blocks: BlockEstimate[] = [];
    for (const block of of.blocks)
      blocks.push(fromPast(block, past.get(block.block)) ?? (await this.#fromTokens(block, of.inputs)));
    const known = blocks.flatMap(({ cost }) => (cost ? [cost] : []));
    return {
      currency: 'USD',
      blocks,
      total: {
        mean: known.reduce((sum, { mean }) => sum + mean, 0),
        highest: known.reduce((sum, { highest }) => sum + highest, 0),
        unknown: blocks.filter(({ cost }) => cost === null).map(({ block }) => block),
      },
      budgets: await this.budgets.left(of.workflow),
    };
  }

  async #fromTokens(
    { block, prompt, times, asksModel }: BlockToEstimate,
    inputs: Readonly<Record<string, unknown>>,
  ): Promise<BlockEstimate> {
    if (!asksModel)
      return { ...{ block, basis: 'tokens', runs: 0, calls: 0, tokens: 0 }, cost: { mean: 0, highest: 0 } };
    const version = prompt === undefined ? undefined : await this.library.find(prompt);
    if (!version) return { block, basis: 'unknown', runs: 0, calls: null, cost: null, tokens: null };
    const { steps, model } = version.definition;
    const name = model.name === 'default' ? this.model.defaultName : model.name;
    const text = steps.map(({ text: written = '' }) => withInputs(written, inputs)).join('');
    const calls = callsOf(version.definition) * times;
    const call = estimateCall(this.model, {
      messages: [{ role: 'user', text }],
      model: { ...model, name },
    });
    const { inputTokens, outputTokens, cost } = sumOfEstimates([call], calls);
    return {
      ...{ block, basis: 'tokens', runs: 0, calls },
      cost: cost === null ? null : { mean: cost, highest: cost },
      tokens: inputTokens + outputTokens,
    };
  }
}

function fromPast({ block }: BlockToEstimate, past: PastCost | undefined): BlockEstimate | undefined {
  if (!past) return undefined;
  const { runs, calls, tokens, mean, highest, unpriced } = past;
  return { block, basis: 'past-runs', runs, calls, tokens, cost: unpriced > 0 ? null : { mean, highest } };
}

/** What only blocks will know stays as it is written. */
function withInputs(text: string, inputs: Readonly<Record<string, unknown>>): string {
  const lookup = lookupIn(inputs);
  return text.replaceAll(/\{\{[^{}]*\}\}/g, (template) => {
    try {
      const value = resolveTemplates(template, lookup);
      return typeof value === 'string' ? value : JSON.stringify(value);
    } catch (error) {
      if (error instanceof MissingVariable) return template;
      throw error;
    }
  });
}
