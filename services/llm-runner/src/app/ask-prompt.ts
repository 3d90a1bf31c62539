import type { Usage } from '@duofactory/contracts';
import type { EffectLedger } from '@duofactory/block-kit';
import type { PromptLibrary } from './prompt-kind.js';
import type { RunPrompt } from './run-prompt.js';

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

  async execute(
    of: { prompt: string; variables: Record<string, unknown>; sample?: number; key: string },
    signal: AbortSignal,
  ): Promise<AskedPrompt> {
    const version = await this.library.show(of.prompt);
    const sample = of.sample ?? 1;
    const usage: Usage[] = [];
    const identity = { lineage: 'prompt-run', block: version.id, key: of.key, sample };
    const value = await this.runPrompt.execute(
      { version, scope: of.variables, sample },
      async (step, request, effect) => {
        const recorded = await this.ledger.once({ ...identity, step, request, effect, signal });
        if (recorded.usage) usage.push(recorded.usage);
        return recorded.value;
      },
    );
    return { prompt: `${version.id}@${version.version}`, value, usage };
  }
}
