import {
  attemptPaidV1,
  hashJson,
  paymentOf,
  spentOn,
  uuidFrom,
  type PromptDefinition,
  type SpentOn,
  type Usage,
} from '@duofactory/contracts';
import { Problem, type DefinitionVersion, type Transactions } from '@duofactory/platform';
import { effectId, noteUsage, type EffectLedger, type OnceDetails } from '@duofactory/block-kit';
import { sumOfEstimates, type CallEstimate } from './estimate-call.js';
import type { CallPurpose } from './language-model.js';
import type { PromptLibrary } from './prompt-kind.js';
import { scopeOf, type PreviewedCall, type PromptInput, type RunPrompt } from './run-prompt.js';
import { lookupLeaving, unfilledPaths } from './unfilled.js';

export interface PromptQuestion {
  /** `id`, `id@7` or `id@label`. */
  readonly prompt?: string;
  /** Or one that is not published. */
  readonly definition?: unknown;
  readonly variables: Record<string, unknown>;
  readonly sample?: number;
  readonly key: string;
  /** The block that asks. */
  readonly block?: string;
  /** Its attempt: the run is told what was paid for an answer that it never gets. */
  readonly attempt?: { readonly task: string; readonly attempt: number };
  readonly purpose: CallPurpose;
  readonly onText?: (step: string, text: string) => void;
  /** Told when it waits for its turn, and when it goes on. */
  readonly onWait?: (waiting: boolean) => void;
}

export interface AskedPrompt {
  /** `id@version`; version 0: it is not published. */
  readonly prompt: string;
  readonly value: Record<string, unknown>;
  readonly usage: readonly Usage[];
  readonly totals: UsageTotals;
}

/** Of all its calls. */
export interface UsageTotals extends SpentOn {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What to show: a prompt and values, or the input of a block that has both. */
export interface PreviewQuestion {
  readonly prompt?: string;
  readonly definition?: unknown;
  readonly variables?: Record<string, unknown>;
  readonly input?: PromptInput;
  /** How many answers the estimate is for. */
  readonly samples?: number;
  /** What nothing gives stays as it is written. */
  readonly leaveUnfilled?: boolean;
}

export interface PromptPreview {
  /** `id@version`; version 0: it is not published. */
  readonly prompt: string;
  readonly calls: readonly PreviewedCall[];
  /** What templates name and nothing gives. */
  readonly unfilled: readonly string[];
  /** What all samples may take and cost. */
  readonly estimate: CallEstimate;
}

/** Runs a prompt for another service. The same key, prompt version and variables: the same answer, paid once. */
export class AskPrompt {
  constructor(
    private readonly library: PromptLibrary,
    private readonly runPrompt: RunPrompt,
    private readonly ledger: EffectLedger,
    private readonly transactions: Transactions,
  ) {}

  /** `signal`: nobody waits for the answer any more. A call that was sent is finished all the same, and its answer kept. */
  async execute(of: PromptQuestion, signal: AbortSignal): Promise<AskedPrompt> {
    const version = await this.#versionOf(of);
    const usage: Usage[] = [];
    let told = false;
    try {
      const value = await this.#answer(version, of, { usage, signal });
      told = !signal.aborted;
      return { prompt: `${version.id}@${version.version}`, value, usage, totals: totalsOf(usage) };
    } finally {
      if (!told) await this.#tellPaid(of, usage);
    }
  }

  #answer(
    version: DefinitionVersion<PromptDefinition>,
    of: PromptQuestion,
    { usage, signal }: { usage: Usage[]; signal: AbortSignal },
  ): Promise<Record<string, unknown>> {
    const sample = of.sample ?? 1;
    const { run, workflow } = of.purpose;
    const identity = {
      ...{ lineage: 'prompt-run', block: of.block ?? version.id, key: of.key, sample },
      ...(run === undefined ? {} : { run }),
      ...(workflow === undefined ? {} : { workflow }),
      ...(of.attempt === undefined ? {} : { task: of.attempt.task }),
    };
    return this.runPrompt.execute(
      {
        ...{ version, scope: of.variables, sample, purpose: of.purpose },
        ...(of.onText && { onText: of.onText }),
      },
      async (step, request, effect, { insteadOf = [], ...paidFor }: Partial<OnceDetails> = {}) => {
        const passedOver = insteadOf.map((one) => effectId({ ...identity, step: one.step }, one.request));
        const recorded = await this.ledger.once({
          ...{ ...identity, ...paidFor, insteadOf: passedOver, step, request, signal },
          effect: (its, call) => effect(its, { ...call, untimed: (wait) => untimed(wait, of.onWait) }),
          late: () =>
            signal.aborted && run !== undefined && of.attempt ? { run, ...of.attempt } : undefined,
        });
        noteUsage(usage, recorded.told ? {} : recorded, passedOver);
        return recorded.value;
      },
    );
  }

  /** No answer goes to whoever asked: what was paid for it is told to the run all the same. */
  async #tellPaid({ purpose: { run }, attempt }: PromptQuestion, usage: readonly Usage[]): Promise<void> {
    const paid = usage.filter(({ saved }) => !saved);
    if (run === undefined || attempt === undefined || paid.length === 0) return;
    const id = uuidFrom(attemptPaidV1.type, attempt.task, ...paid.map((one) => paymentOf(one) ?? ''));
    const data = { run, ...attempt, usage: paid };
    await this.transactions.run(async (_tx, emit) =>
      emit(attemptPaidV1, { key: run, subject: run, id, data }),
    );
  }

  /** What would be sent. */
  async preview(question: PreviewQuestion): Promise<PromptPreview> {
    const { input, variables, samples = 1, leaveUnfilled = false, ...named } = question;
    const version = await this.#versionOf(input ? { ...named, prompt: input.with.prompt } : named);
    const scope = input ? scopeOf(input) : (variables ?? {});
    const unfilled = leaveUnfilled ? unfilledPaths(version.definition, scope) : [];
    const lookup = lookupLeaving(unfilled, scope);
    const calls = await this.runPrompt.preview({ version, scope, lookup, sample: 1, purpose: {} });
    const estimate = sumOfEstimates(
      calls.map((call) => call.estimate),
      samples,
    );
    return { prompt: `${version.id}@${version.version}`, calls, unfilled, estimate };
  }

  async #versionOf({
    prompt,
    definition,
  }: Pick<PromptQuestion, 'prompt' | 'definition'>): Promise<DefinitionVersion<PromptDefinition>> {
    if (definition === undefined) return this.library.show(prompt ?? '');
    const errors = this.library.validate(definition);
    if (errors.length > 0)
      throw new Problem({
        status: 422,
        code: 'invalid-definition',
        title: 'The prompt is refused',
        detail: errors.map(({ field, message }) => `${field}: ${message}`).join('; '),
        errors,
      });
    const draft = definition as PromptDefinition;
    return {
      ...{ id: draft.id, version: 0, definition: draft, hash: hashJson(draft) },
      ...{ labels: [], note: null, author: 'nobody', publishedAt: new Date(0) },
    };
  }
}

/** Shorter waits are not worth a word: most calls have their turn at once. */
const NOTICED_MS = 250;

async function untimed<T>(
  wait: () => Promise<T>,
  onWait: (waiting: boolean) => void = () => undefined,
): Promise<T> {
  let told = false;
  const timer = setTimeout(() => onWait((told = true)), NOTICED_MS);
  try {
    return await wait();
  } finally {
    clearTimeout(timer);
    if (told) onWait(false);
  }
}

function totalsOf(usage: readonly Usage[]): UsageTotals {
  const units = (name: string): number => usage.reduce((sum, one) => sum + (one.units[name] ?? 0), 0);
  return {
    inputTokens: units('inputTokens'),
    outputTokens: units('outputTokens'),
    ...spentOn(usage),
  };
}
