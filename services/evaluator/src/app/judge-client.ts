import { hashJson, type Usage } from '@duofactory/contracts';
import { BlockFailure } from '@duofactory/block-kit';
import { traceHeaders } from '@duofactory/platform';

export interface JudgeAnswer {
  readonly criteria: readonly { name: string; score: number; reason: string }[];
  readonly confidence?: number;
}

/** Asks model judges by llm-runner, which alone calls models: one ledger, one limiter, one budget. */
export class JudgeClient {
  constructor(private readonly llmRunnerUrl: string) {}

  /** The same question for the same purpose is paid once. Throws BlockFailure. */
  async ask(
    of: {
      prompt: string;
      variables: Record<string, unknown>;
      sample: number;
      purpose: readonly unknown[];
      /** Who pays. */
      payer?: { readonly run: string; readonly workflow?: string; readonly block: string };
    },
    signal: AbortSignal,
  ): Promise<{ answer: JudgeAnswer; usage: readonly Usage[] }> {
    const { prompt, variables, sample, purpose, payer } = of;
    const response = await fetch(new URL('/api/prompt-runs', this.llmRunnerUrl), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': hashJson(purpose),
        ...traceHeaders(),
      },
      body: JSON.stringify({ prompt, variables, sample, ...payer }),
      signal,
    }).catch((cause: unknown) => {
      if (signal.aborted) throw cause;
      throw new BlockFailure('llm-runner-away', 'llm-runner does not answer: is it running?', {
        retryable: true,
        cause,
      });
    });
    const body = (await response.json().catch(() => ({}))) as {
      value?: unknown;
      usage?: Usage[];
      code?: string;
      detail?: string;
      hold?: BlockFailure['hold'];
    };
    if (!response.ok) {
      const retryable = response.status >= 500 || response.status === 429 || body.hold !== undefined;
      const code = body.code ?? `http-${response.status}`;
      throw new BlockFailure(code, `The judge "${prompt}" did not answer: ${body.detail ?? code}`, {
        retryable,
        ...(body.hold === undefined ? {} : { hold: body.hold }),
      });
    }
    return { answer: answerOf(prompt, body.value), usage: body.usage ?? [] };
  }
}

function answerOf(prompt: string, value: unknown): JudgeAnswer {
  const { criteria } = (value ?? {}) as { criteria?: unknown };
  const fits =
    Array.isArray(criteria) &&
    criteria.length > 0 &&
    criteria.every(
      (one: Partial<JudgeAnswer['criteria'][number]> | null) =>
        typeof one?.name === 'string' && typeof one.score === 'number' && Number.isFinite(one.score),
    );
  if (!fits) {
    throw new BlockFailure(
      'invalid-judgement',
      `The prompt "${prompt}" is no judge: its output needs criteria with name, score and reason`,
    );
  }
  return value as JudgeAnswer;
}
