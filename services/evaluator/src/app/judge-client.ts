import { hashJson, type RunAbove, type Usage } from '@duofactory/contracts';
import { BlockFailure } from '@duofactory/block-kit';
import { traceHeaders } from '@duofactory/platform';

export interface JudgeAnswer {
  readonly criteria: readonly { name: string; score: number; reason: string }[];
  readonly confidence?: number;
}

export interface Payer {
  readonly run: string;
  readonly workflow?: string;
  /** Runs that the run works for, nearest first. */
  readonly above?: readonly RunAbove[];
  readonly block: string;
  /** And which attempt: what is paid for an answer that comes too late, or is none, is its cost. */
  readonly task: string;
  readonly attempt: number;
}

export interface PromptToAsk {
  readonly prompt?: string;
  /** Instead: one that is not published. */
  readonly definition?: Record<string, unknown>;
}

export interface AskedOnce {
  readonly variables: Record<string, unknown>;
  readonly sample: number;
  readonly purpose: readonly unknown[];
  /** Who pays. */
  readonly payer?: Payer;
  /** Runs a wait for a turn without the time of the attempt. */
  readonly untimed?: <T>(wait: () => Promise<T>) => Promise<T>;
}

/** Asks model judges by llm-runner, which alone calls models: one ledger, one limiter, one budget. */
export class JudgeClient {
  constructor(private readonly llmRunnerUrl: string) {}

  /** The same question for the same purpose is paid once. Throws BlockFailure. */
  async ask(
    of: AskedOnce & { readonly prompt: string; readonly onUsage: (usage: Usage) => void },
    signal: AbortSignal,
  ): Promise<{ answer: JudgeAnswer; prompt: string }> {
    const { value, prompt, usage } = await this.run({ ...of, name: `The judge "${of.prompt}"` }, signal);
    // Also of an answer that is no judgement.
    usage.forEach(of.onUsage);
    return { answer: answerOf(of.prompt, value), prompt };
  }

  /** Runs any prompt, published or not; `name` is what failures call it. Tells which version answered. Throws BlockFailure. */
  async run(
    of: AskedOnce & PromptToAsk & { readonly name: string },
    signal: AbortSignal,
  ): Promise<{ value: unknown; prompt: string; usage: readonly Usage[] }> {
    const { prompt, definition, name, variables, sample, purpose, payer, untimed } = of;
    const away = (cause: unknown): never => {
      if (signal.aborted) throw cause;
      throw new BlockFailure('llm-runner-away', 'llm-runner does not answer: is it running?', {
        retryable: true,
        cause,
      });
    };
    const response = await fetch(new URL('/api/prompt-runs', this.llmRunnerUrl), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        // It says when it waits for its turn, and that it is there: the answer may take long.
        accept: 'text/event-stream',
        'idempotency-key': hashJson(purpose),
        ...traceHeaders(),
      },
      body: JSON.stringify({ prompt, definition, variables, sample, partial: false, ...payer }),
      signal,
    }).catch(away);
    const told = await (
      response.headers.get('content-type')?.startsWith('text/event-stream')
        ? lastOf(response, untimed ?? ((wait) => wait()))
        : wholeOf(response)
    ).catch(away);
    if (!told.ok) throw failureOf(name, told.body, told.status);
    const { value, prompt: version = prompt ?? '', usage = [] } = told.body;
    return { value, prompt: version, usage };
  }
}

interface Body {
  readonly value?: unknown;
  readonly prompt?: string;
  readonly usage?: Usage[];
  readonly status?: number;
  readonly code?: string;
  readonly detail?: string;
  readonly afterMs?: number;
  readonly hold?: BlockFailure['hold'];
}

interface Told {
  readonly ok: boolean;
  readonly status: number;
  readonly body: Body;
}

async function wholeOf(response: Response): Promise<Told> {
  const body = (await response.json().catch(() => ({}))) as Body;
  return { ok: response.ok, status: response.status, body };
}

/** Follows the stream to its last event. */
async function lastOf(
  response: Response,
  untimed: (wait: () => Promise<void>) => Promise<void>,
): Promise<Told> {
  let goOn = (): void => undefined;
  try {
    for await (const { event, data } of eventsOf(response)) {
      goOn();
      if (event === 'waiting') {
        const { promise, resolve } = Promise.withResolvers<void>();
        goOn = resolve;
        void untimed(() => promise);
      }
      if (event === 'done') return { ok: true, status: 200, body: data as Body };
      if (event === 'failed') return { ok: false, status: (data as Body).status ?? 500, body: data as Body };
    }
  } finally {
    goOn();
  }
  throw new Error('The stream ended before the answer');
}

async function* eventsOf(response: Response): AsyncIterable<{ event: string; data: unknown }> {
  let text = '';
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + part).split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/s.exec(block) ?? [];
      if (event !== undefined) yield { event, data: JSON.parse(data!) as unknown };
    }
  }
}

function failureOf(name: string, { code: named, detail, hold, afterMs }: Body, status: number): BlockFailure {
  const code = named ?? `http-${status}`;
  return new BlockFailure(code, `${name} did not answer: ${detail ?? code}`, {
    retryable: status >= 500 || status === 429 || hold !== undefined,
    ...(hold === undefined ? {} : { hold }),
    ...(afterMs === undefined ? {} : { afterMs }),
  });
}

function answerOf(prompt: string, value: unknown): JudgeAnswer {
  const { criteria, confidence = 1 } = (value ?? {}) as { criteria?: unknown; confidence?: unknown };
  const fits =
    Array.isArray(criteria) &&
    criteria.length > 0 &&
    criteria.every(
      (one: Partial<JudgeAnswer['criteria'][number]> | null) =>
        typeof one?.name === 'string' &&
        typeof one.reason === 'string' &&
        typeof one.score === 'number' &&
        Number.isFinite(one.score),
    ) &&
    isShare(confidence);
  if (!fits) {
    throw new BlockFailure(
      'invalid-judgement',
      `The prompt "${prompt}" is no judge: its output needs criteria with name, score and reason; a confidence, if it has one, is from 0 to 1`,
    );
  }
  return value as JudgeAnswer;
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1;
}
