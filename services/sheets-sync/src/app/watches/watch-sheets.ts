import { Repeated, type Background, type Clock, type Database } from '@duofactory/platform';
import { claimDueWatches } from '../../store/sheet-watches.js';
import { SyncSheet } from '../sources/sync-sheet.js';
import { WatchSheet } from './watch-sheet.js';

const EVERY_MS = 10_000;
const AT_ONCE = 8;

/** Reads watched spreadsheets when their time has come. One that cannot be read says why, and holds up no other. */
export class WatchSheets implements Background {
  readonly #sweeps: Repeated;
  readonly #looks = new Map<string, Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly sync: SyncSheet,
    private readonly watch: WatchSheet,
    clock: Clock,
    private readonly log: { warn(fields: object, message: string): void },
  ) {
    const failed = 'watched spreadsheets cannot be looked for now';
    const work = (now: Date): Promise<void> => this.execute(now);
    this.#sweeps = new Repeated({ everyMs: EVERY_MS, work, failed }, clock, log);
  }

  start(): Promise<void> {
    return this.#sweeps.start();
  }

  async stop(): Promise<void> {
    await this.#sweeps.stop();
    await Promise.all(this.#looks.values());
  }

  /** Begins what is due, as far as there is room, and waits for none of it. */
  async execute(now: Date): Promise<void> {
    const room = AT_ONCE - this.#looks.size;
    if (room === 0) return;
    for (const id of await claimDueWatches(this.database, now, room)) {
      // One that still looks does so again at its next time.
      if (this.#looks.has(id)) continue;
      this.#looks.set(
        id,
        this.#look(id).finally(() => this.#looks.delete(id)),
      );
    }
  }

  async #look(id: string): Promise<void> {
    const { signal } = this.#sweeps;
    try {
      await this.sync.execute(id, signal);
    } catch (error) {
      if (!signal.aborted) await this.#failed(id, error);
    }
  }

  async #failed(id: string, reason: unknown): Promise<void> {
    try {
      await this.watch.failed(id, reason);
    } catch (error) {
      this.log.warn(
        { err: error, sourceId: id },
        'a failure of a watched spreadsheet cannot be told at its watch',
      );
    }
  }
}
