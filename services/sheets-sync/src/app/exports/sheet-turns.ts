import type { Clock, Database } from '@duofactory/platform';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { releaseSheetTurn, renewSheetTurn, takeSheetTurn, type SheetTurn } from '../../store/sheet-turns.js';
import { SheetFailure } from '../sources/spreadsheets.js';

const LEASE_MS = 30_000;
const RENEW_EVERY_MS = LEASE_MS / 3;
const LOOK_EVERY_MS = 250;

/**
 * One writer of a tab at a time, of all processes: where new rows go is known by what was read, so two that read the same
 * would write over each other.
 */
export class SheetTurns {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** `untimed`: waiting for the turn is no work. Throws SheetFailure `sheet-turn-lost` where the process hung meanwhile. */
  async hold<T>(
    { spreadsheet, tab }: Pick<SheetTurn, 'spreadsheet' | 'tab'>,
    work: (signal: AbortSignal) => Promise<T>,
    { untimed, signal }: { untimed: (wait: () => Promise<void>) => Promise<void>; signal: AbortSignal },
  ): Promise<T> {
    const turn = { spreadsheet, tab, holder: randomUUID() };
    await untimed(() => this.#take(turn, signal));
    const lost = new AbortController();
    const letGo = this.#keep(turn, lost);
    try {
      return await work(AbortSignal.any([signal, lost.signal]));
    } catch (error) {
      throw lost.signal.aborted ? lost.signal.reason : error;
    } finally {
      letGo();
      await releaseSheetTurn(this.database, turn);
    }
  }

  async #take(turn: SheetTurn, signal: AbortSignal): Promise<void> {
    for (;;) {
      const now = this.clock.now();
      if (await takeSheetTurn(this.database, turn, { until: leaseFrom(now), now })) return;
      await pause(LOOK_EVERY_MS, undefined, { signal });
    }
  }

  /** Renews the turn until it is let go, or lost. */
  #keep(turn: SheetTurn, lost: AbortController): () => void {
    let isOver = false;
    let callOff: () => void;
    const renew = async (): Promise<void> => {
      const isOurs = await renewSheetTurn(this.database, turn, leaseFrom(this.clock.now())).catch(
        // The database is away: the lease may still hold when it is back.
        () => true,
      );
      if (isOver) return;
      if (isOurs) callOff = this.clock.setTimer(RENEW_EVERY_MS, () => void renew());
      else lost.abort(turnLost(turn));
    };
    callOff = this.clock.setTimer(RENEW_EVERY_MS, () => void renew());
    return () => {
      isOver = true;
      callOff();
    };
  }
}

function leaseFrom(now: Date): Date {
  return new Date(now.getTime() + LEASE_MS);
}

function turnLost({ tab }: SheetTurn): SheetFailure {
  return new SheetFailure(
    'sheet-turn-lost',
    `Writing to "${tab}" took so long without a sign of life that another began: it is tried again`,
    { retryable: true },
  );
}
