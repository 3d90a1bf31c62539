import { BlockFailure, type BlockFailureOptions, type EffectCall } from '@duofactory/block-kit';
import type { ModelConfiguration, Ref, RunAbove, Usage } from '@duofactory/contracts';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
  /** After the text. */
  readonly images?: readonly Ref[];
}

export interface ModelRequest {
  readonly messages: readonly Message[];
  /** JSON Schema of the answer; absent: text. */
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly model: ModelConfiguration;
}

/** What a model may know beside the messages. Vendors' models use none of it. */
export interface ModelHints {
  /** Of the prompt, its variables and the sample; the same for the same, on every machine. */
  readonly seed: string;
  /** As `seed`, without the sample. */
  readonly family: string;
  readonly sample: number;
  /** The values of the prompt's variables, by what they start with. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** For whom a call is made: who pays, and whose turn it is. */
export interface CallPurpose {
  readonly run?: string;
  readonly workflow?: string;
  /** Runs that the run works for, nearest first: they pay as well. */
  readonly above?: readonly RunAbove[];
  /** Where there is no run. */
  readonly user?: string;
}

/** Its `id`: the vendor is told it, and finds the call by it. */
export interface ModelCall extends EffectCall {
  readonly purpose: CallPurpose;
  /** What runs: `title@3`. */
  readonly subject: string;
  /** Told the answer's text as it comes, where somebody watches. */
  readonly onText?: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface ModelAnswer {
  readonly text: string;
  readonly usage: Omit<Usage, 'ledger' | 'saved'>;
  /** Why the answer is of no use, though it is paid for: a refusal, a filter, a limit of length, a failure halfway. */
  readonly fault?: {
    readonly code: string;
    readonly message: string;
    /** Asked anew, and paid anew, it may answer. */
    readonly retryable?: boolean;
  };
  /** The vendor's name for the call. */
  readonly requestId?: string;
  /** Counts what it cost. Called once the answer is stored: nothing may come in between the vendor and the ledger. */
  readonly count?: () => Promise<void>;
}

export interface TokenCounts {
  readonly inputTokens: number;
  /** Part of the input tokens. */
  readonly cachedInputTokens: number;
  /** Those of the reasoning among them. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

/** The vendor takes no more calls for now. */
export class RateLimited extends BlockFailure {
  constructor(
    message: string,
    options: BlockFailureOptions & {
      /** A minute, as the vendor says with its refusal. */
      readonly limits?: { readonly requests?: number; readonly tokens?: number };
    },
  ) {
    super('rate-limited', message, { retryable: true, ...options });
    this.limits = options.limits;
  }

  readonly limits: { readonly requests?: number; readonly tokens?: number } | undefined;
}

/** A language model. Throws BlockFailure, classified where the cause is known. */
export abstract class LanguageModel {
  abstract readonly provider: string;
  /** The name that `default` stands for. */
  abstract readonly defaultName: string;
  /** Stands for the key that the vendor knows us by. */
  abstract readonly keyHash: string;
  /** In US dollars; null: nobody knows, which is not nothing. */
  abstract priceOf(model: string, tokens: TokenCounts): number | null;
  /** What would be sent for a request, to be looked at: images only named. */
  abstract preview(request: ModelRequest): object;
  abstract generate(request: ModelRequest, hints: ModelHints, call: ModelCall): Promise<ModelAnswer>;
}
