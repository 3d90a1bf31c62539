import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '../clock.js';

/** How a process is seen and made smaller. */
export interface OwnMemory {
  /** Time that this process computed, since it began. */
  cpuMs(): number;
  heapBytes(): number;
  /** Takes some 100 ms, in which nothing else happens. */
  collect(): void;
}

const LOOK_EVERY_MS = 10_000;
/** Of one core: less is doing nothing. */
const IDLE_SHARE = 0.03;
/** What is not worth a collection. */
const WORTH_BYTES = 16_000_000;

/**
 * V8 keeps the pages that a boot or a burst of work took, as long as nobody else asks: 50 MB after the boot of a service,
 * hundreds after a run of 100,000 tasks. A process that has done nothing for a while gives them back.
 */
export class IdleMemory {
  #cpuMs = 0;
  #keptBytes = 0;
  #callOff = (): void => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly own: OwnMemory = NODE,
  ) {}

  start(): void {
    this.#cpuMs = this.own.cpuMs();
    this.#callOff = this.clock.setTimer(LOOK_EVERY_MS, () => {
      this.#look();
      this.start();
    });
  }

  stop(): void {
    this.#callOff();
  }

  #look(): void {
    if (this.own.cpuMs() - this.#cpuMs > IDLE_SHARE * LOOK_EVERY_MS) return;
    if (this.own.heapBytes() < this.#keptBytes + WORTH_BYTES) return;
    this.own.collect();
    this.#keptBytes = this.own.heapBytes();
  }
}

let gc: ((options: object) => void) | undefined;

/** Of this process. */
export const NODE: OwnMemory = {
  cpuMs() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  heapBytes: () => process.memoryUsage().heapTotal,
  collect() {
    if (!gc) {
      setFlagsFromString('--expose-gc');
      gc = runInNewContext('gc') as typeof gc;
    }
    // The only kind that returns pages to the machine.
    gc!({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  },
};
