import {
  SpeechSynthesis,
  type Speech,
  type SpeechCall,
  type SpeechPrice,
  type SpeechRequest,
  type Voice,
} from './speech-synthesis.js';
import { spokenLineKey } from './spoken-line-key.js';

interface Flight {
  speech: Promise<Speech>;
  /** Aborted when nobody waits any more. */
  cancel: AbortController;
  waiting: number;
}

/**
 * Speaks each line once: intros and names of a show come back in every episode. Keeps the lines that were used last,
 * up to `maxBytes` of samples; equal requests at one time share one call, which ends when all of them are cancelled.
 */
export class SpokenLines extends SpeechSynthesis {
  /** In order of use, the oldest first. */
  private readonly kept = new Map<string, Speech>();
  private readonly flights = new Map<string, Flight>();
  private bytes = 0;

  constructor(
    private readonly synthesis: SpeechSynthesis,
    private readonly maxBytes = 32 * 1024 * 1024,
  ) {
    super();
  }

  get provider(): string {
    return this.synthesis.provider;
  }

  get engine(): string {
    return this.synthesis.engine;
  }

  languages(): readonly string[] {
    return this.synthesis.languages();
  }

  voicesFor(language: string): readonly Voice[] {
    return this.synthesis.voicesFor(language);
  }

  override priceOf(request: SpeechRequest): SpeechPrice | undefined {
    return this.synthesis.priceOf(request);
  }

  async speak(request: SpeechRequest, signal: AbortSignal, of: SpeechCall = {}): Promise<Speech> {
    signal.throwIfAborted();
    const key = spokenLineKey(this.engine, request);
    const kept = this.kept.get(key);
    if (kept) {
      this.kept.delete(key);
      this.kept.set(key, kept);
      return kept;
    }

    const flying = this.flights.get(key);
    // Who comes to a call that is out does not pay for it.
    if (flying) return again(await this.join(flying, key, signal));
    return this.join(this.start(key, request, of), key, signal);
  }

  private start(key: string, request: SpeechRequest, of: SpeechCall): Flight {
    const cancel = new AbortController();
    const speech = this.synthesis.speak(request, cancel.signal, of).then((spoken) => {
      this.keep(key, again(spoken));
      return spoken;
    });
    const flight: Flight = { speech, cancel, waiting: 0 };
    this.flights.set(key, flight);
    const landed = () => this.forget(key, flight);
    speech.then(landed, landed);

    return flight;
  }

  private async join(flight: Flight, key: string, signal: AbortSignal): Promise<Speech> {
    flight.waiting += 1;
    const left = Promise.withResolvers<never>();
    const leave = () => left.reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });

    try {
      return await Promise.race([flight.speech, left.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
      flight.waiting -= 1;
      if (flight.waiting === 0) {
        this.forget(key, flight);
        flight.cancel.abort(new Error('Nobody waits for this line any more.'));
      }
    }
  }

  /** A request that comes now must not join a call that is over or cancelled. */
  private forget(key: string, flight: Flight): void {
    if (this.flights.get(key) === flight) this.flights.delete(key);
  }

  private keep(key: string, speech: Speech): void {
    if (this.kept.has(key)) return;
    this.kept.set(key, speech);
    this.bytes += speech.pcm.byteLength;
    for (const [oldest, { pcm }] of this.kept) {
      if (this.bytes <= this.maxBytes) break;
      this.kept.delete(oldest);
      this.bytes -= pcm.byteLength;
    }
  }
}

/** As whoever hears it later has it: nothing is paid. */
const again = (speech: Speech): Speech =>
  speech.usage ? { ...speech, usage: { ...speech.usage, saved: true } } : speech;
