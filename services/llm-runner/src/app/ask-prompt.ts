import type { Usage } from '@duofactory/contracts';
import type { EffectLedger } from '@duofactory/block-kit';
import type { CallPurpose } from './language-model.js';
import type { PromptLibrary } from './prompt-kind.js';
import type { RunPrompt } from './run-prompt.js';

export interface PromptQuestion {
  /** `id`, `id@7` or `id@label`. */
  readonly prompt: string;
  readonly variables: Record<string, unknown>;
  readonly sample?: number;
  readonly key: string;
  /** The block that asks. */
  readonly block?: string;
  readonly purpose: CallPurpose;
}

export interface AskedPrompt {
  /** `id@version` */
  readonly prompt: string;
  readonly value: Record<string, unknown>;
  readonly usage: readonly Usage[];
}

/** Runs a prompt for another service. The same key, prompt version and variables: the same answer, paid once. */
export class AskPrompt {
  constructor(
    private readonly library: PromptLibrary,
    private readonly runPrompt: RunPrompt,
    private readonly ledger: EffectLedger,
  ) {}

  async execute(of: PromptQuestion, signal: AbortSignal): Promise<AskedPrompt> {
    const version = await this.library.show(of.prompt);
    const sample = of.sample ?? 1;
    const usage: Usage[] = [];
    const { run, workflow } = of.purpose;
    const identity = {
      ...{ lineage: 'prompt-run', block: of.block ?? version.id, key: of.key, sample },
      ...(run === undefined ? {} : { run }),
      ...(workflow === undefined ? {} : { workflow }),
    };
    const value = await this.runPrompt.execute(
      { version, scope: of.variables, sample, purpose: of.purpose },
      async (step, request, effect, paidFor) => {
        const recorded = await this.ledger.once({ ...identity, ...paidFor, step, request, effect, signal });
        if (recorded.usage) usage.push(recorded.usage);
        return recorded.value;
      },
    );
    return { prompt: `${version.id}@${version.version}`, value, usage };
  }
}
