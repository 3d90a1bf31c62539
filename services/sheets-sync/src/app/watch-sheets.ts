import type { Background, Clock, Database } from '@duofactory/platform';
import { claimDueWatches } from '../store/sheet-watches.js';
import { SyncSheet } from './sync-sheet.js';
import { WatchSheet } from './watch-sheet.js';

const EVERY_MS = 10_000;
const AT_ONCE = 20;

/** Reads watched spreadsheets when their time has come. One that cannot be read says why, and holds up no other. */
export class WatchSheets implements Background {
  readonly #stopping = new AbortController();
  #callOff: (() => void) | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly sync: SyncSheet,
    private readonly watch: WatchSheet,
    private readonly clock: Clock,
    private readonly log: { warn(fields: object, message: string): void },
  ) {}

  async start(): Promise<void> {
    this.#work = this.#sweep();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#callOff?.();
    await this.#work;
  }

  async #sweep(): Promise<void> {
    try {
      await this.execute(this.clock.now());
    } catch (error) {
      this.log.warn({ err: error }, 'watched spreadsheets cannot be looked for now');
    }
    if (!this.#stopping.signal.aborted)
      this.#callOff = this.clock.setTimer(EVERY_MS, () => void (this.#work = this.#sweep()));
  }

  async execute(now: Date): Promise<void> {
    for (const id of await claimDueWatches(this.database, now, AT_ONCE)) {
      if (this.#stopping.signal.aborted) return;
      try {
        await this.sync.execute(id, this.#stopping.signal);
      } catch (error) {
        await this.watch.failed(id, error);
      }
    }
  }
}
