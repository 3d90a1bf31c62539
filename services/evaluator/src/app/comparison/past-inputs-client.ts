import { Problem, traceHeaders } from '@duofactory/platform';

/** A real input of a prompt, as the orchestrator tells it. */
export interface PastInput {
  readonly task: string;
  readonly run: string;
  readonly workflow: string;
  readonly block: string;
  readonly key: string;
  readonly judge: { readonly with: Readonly<Record<string, unknown>> } | null;
}

export interface GivenInput {
  readonly with: { readonly inputs?: Readonly<Record<string, unknown>> };
  readonly payload: { readonly blockResults: Readonly<Record<string, unknown>> };
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface CallEstimate {
  readonly cost: number | null;
}

/** What other services know of a prompt: its inputs, its draft, what it may cost. Throws their Problems. */
export class PastInputsClient {
  constructor(
    private readonly orchestratorUrl: string,
    private readonly llmRunnerUrl: string,
  ) {}

  async list(
    prompt: string,
    of: { limit: number; find?: string; order?: 'newest' | 'worst' },
    signal: AbortSignal,
  ): Promise<PastInput[]> {
    const query = new URLSearchParams({
      limit: String(of.limit),
      ...(of.find ? { find: of.find } : {}),
      ...(of.order ? { order: of.order } : {}),
    });
    const path = `/api/references/prompt/${prompt}/inputs?${query.toString()}`;
    return (await this.#ask<{ inputs: PastInput[] }>(this.orchestratorUrl, path, signal)).inputs;
  }

  given(task: string, signal: AbortSignal): Promise<GivenInput> {
    return this.#ask(this.orchestratorUrl, `/api/tasks/${task}/input`, signal);
  }

  async draftOf(prompt: string, signal: AbortSignal): Promise<Record<string, unknown>> {
    const path = `/api/prompts/${prompt}/draft`;
    return (await this.#ask<{ definition: Record<string, unknown> }>(this.llmRunnerUrl, path, signal))
      .definition;
  }

  /** The version that a reference names now. */
  show(reference: string, signal: AbortSignal): Promise<{ version: number; hash: string }> {
    return this.#ask(this.llmRunnerUrl, `/api/prompts/${reference}`, signal);
  }

  async estimateOf(question: object, signal: AbortSignal): Promise<CallEstimate> {
    const path = '/api/prompt-runs/preview';
    return (await this.#ask<{ estimate: CallEstimate }>(this.llmRunnerUrl, path, signal, question)).estimate;
  }

  /** Of a judge's prompt, asked so many times. */
  async estimateOfJudge(prompt: string, times: number, signal: AbortSignal): Promise<CallEstimate> {
    const question = { workflow: 'prompt-comparison', blocks: [{ block: 'judge', prompt, times }] };
    const { total } = await this.#ask<{ total: { mean: number; unknown: string[] } }>(
      this.llmRunnerUrl,
      '/api/ledger/estimates',
      signal,
      question,
    );
    return { cost: total.unknown.length > 0 ? null : total.mean };
  }

  async #ask<Answer>(base: string, path: string, signal: AbortSignal, body?: object): Promise<Answer> {
    const response = await fetch(new URL(path, base), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...traceHeaders() },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    }).catch((cause: unknown) => {
      // Whoever asked is gone; a time limit of ours is an answer that does not come.
      if (signal.aborted && (signal.reason as Error).name !== 'TimeoutError') throw signal.reason as Error;
      throw new Problem(
        {
          ...{ status: 503, code: 'service-away', title: 'A service does not answer' },
          detail: `${path} is not answered: is the service running?`,
        },
        { cause },
      );
    });
    const told = (await response.json().catch(() => ({}))) as Answer & {
      code?: string;
      title?: string;
      detail?: string;
    };
    if (response.ok) return told;
    const { code = `http-${response.status}`, title = 'The request is refused', detail = title } = told;
    throw new Problem({ status: response.status, code, title, detail });
  }
}
