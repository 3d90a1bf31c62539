import type { SpeechPayer, SpeechPrice } from './speech-synthesis.js';

export interface SpeechToPay {
  /** As the ledger calls it. */
  readonly call: string;
  /** Names of earlier calls of it whose end nobody saw. */
  readonly interrupted: readonly string[];
  readonly payer: SpeechPayer | undefined;
  readonly price: SpeechPrice;
}

/** Where a paid call asks whether it may be made. */
export abstract class SpeechBudget {
  /** Resolves when there is room. Throws BlockFailure with a hold where there is none: the run pauses. */
  abstract lease(
    toPay: SpeechToPay,
    signal: AbortSignal,
  ): Promise<{ settle: (amount: number | null) => Promise<void> }>;
}
