import type { EpisodeProvenance, EvaluateResult } from '@duofactory/contracts';
import { traceHeaders } from '@duofactory/platform';

/** What the orchestrator tells of a task: which blocks, references and models stand behind its input. */
interface TaskProvenance {
  readonly run: string;
  readonly workflow: string;
  readonly version: number;
  readonly references: readonly { kind: string; reference: string }[];
  readonly models: readonly { provider: string; model: string }[];
  readonly calls: NonNullable<EpisodeProvenance['calls']>;
  readonly sources: readonly { block: string; key: string }[];
  readonly cost: { amount: number; currency: string; unpriced: number };
}

/** Asks the orchestrator where a task's input comes from. */
export class ReadProvenance {
  constructor(
    private readonly orchestratorUrl: string,
    private readonly patienceMs = 15_000,
  ) {}

  async execute(
    task: string,
    blockResults: Readonly<Record<string, unknown>>,
    voices: readonly string[],
    signal: AbortSignal,
  ): Promise<EpisodeProvenance> {
    // An instance that has stopped takes what it is asked and never answers: asked again, another one does.
    const patience = AbortSignal.timeout(this.patienceMs);
    const response = await fetch(new URL(`/api/tasks/${task}/provenance`, this.orchestratorUrl), {
      signal: AbortSignal.any([signal, patience]),
      headers: traceHeaders(),
    }).catch((error: unknown) => {
      if (signal.aborted || !patience.aborted) throw error;
      const message = `The orchestrator did not answer within ${this.patienceMs} ms for the provenance of task ${task}`;
      throw Object.assign(new Error(message), { outage: true });
    });
    if (!response.ok) {
      throw Object.assign(
        new Error(`The orchestrator answered ${response.status} for the provenance of task ${task}`),
        {
          outage: response.status >= 500,
        },
      );
    }
    const told = (await response.json()) as TaskProvenance;
    const judges = judgesIn(blockResults);
    // Those that blocks name, and those that evaluators asked in turn.
    const named = (kind: string, asked: readonly string[]): string[] =>
      [
        ...new Set([
          ...told.references.filter((one) => one.kind === kind).map((one) => one.reference),
          ...asked,
        ]),
      ].sort();
    return {
      run: told.run,
      workflow: `${told.workflow}@${told.version}`,
      prompts: named('prompt', judges.prompts),
      evaluators: named('evaluator', judges.evaluators),
      scores: scoresIn(blockResults),
      models: [...new Set(told.models.map(({ provider, model }) => `${provider}/${model}`))].sort(),
      offline: told.models.some(({ provider }) => provider === 'offline'),
      ...(voices.length > 0 ? { voices: [...voices] } : {}),
      calls: told.calls,
      rows: told.sources.map(({ block, key }) => `${block}=${key}`),
      cost: told.cost,
    };
  }
}

/** What evaluators of the payload say that they asked. */
function judgesIn(blockResults: Readonly<Record<string, unknown>>): {
  prompts: string[];
  evaluators: string[];
} {
  const opinions = Object.values(blockResults).flatMap((result) => {
    const told = (result as Partial<EvaluateResult> | null)?.opinions;
    return Array.isArray(told) ? told.filter((one) => typeof one === 'object' && one !== null) : [];
  });
  return {
    prompts: opinions.flatMap(({ prompts }) => namesOf(prompts)),
    evaluators: opinions.flatMap(({ parts }) => namesOf(parts)),
  };
}

/** Another team's block may answer anything. */
const namesOf = (told: unknown): string[] =>
  Array.isArray(told) ? told.filter((one) => typeof one === 'string') : [];

/** By block, the scores that the payload came with. */
function scoresIn(blockResults: Readonly<Record<string, unknown>>): Record<string, number> {
  const scores: Record<string, number> = {};
  for (const [block, result] of Object.entries(blockResults)) {
    const score = (result as { score?: unknown } | null)?.score;
    if (typeof score === 'number') scores[block] = score;
  }
  return scores;
}
