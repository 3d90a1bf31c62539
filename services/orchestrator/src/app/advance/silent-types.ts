import type { OutboxRelay } from '@duofactory/messaging';
import type { Clock, Database } from '@duofactory/platform';
import type { DueTask } from '../../store/promote-ready.js';
import { findUnanswered, keepSigns, readSigns, type SilentBlock } from '../../store/signs-of-types.js';
import { waitsOutside } from '../workflows/own-block-types.js';
import type { OpenWork } from './open-work.js';
import type { Plans } from './plans.js';

const LOOK_EVERY_MS = 60_000;
/** Between two looks that are further apart this process may not have heard what was said. */
const MOST_BETWEEN_LOOKS_MS = 5 * LOOK_EVERY_MS;
const FOUND_AT_ONCE = 500;

/** After how long without a sign work at a block is taken for lost. */
export function silenceMs({ timeoutMs }: { timeoutMs: number }): number {
  return Math.max(3 * timeoutMs, 15 * 60_000);
}

/**
 * Block types whose services give no sign. The signs are what comes in anyway, answers and progress; they are kept in
 * memory and written once a minute, so that the hot path pays nothing. A type that is merely busy gives signs.
 *
 * Nobody is called silent whom this process could not hear: its time begins with the process, and anew after a gap
 * between two looks (it was stopped, the database was away), and while the outbox cannot publish (the broker is away).
 */
export class SilentTypes {
  #heard = new Map<string, Date>();
  #listeningSince: Date;
  #lookedAt: Date;

  constructor(
    private readonly database: Database,
    private readonly openWork: OpenWork,
    private readonly plans: Plans,
    private readonly relay: OutboxRelay,
    private readonly clock: Clock,
  ) {
    this.#listeningSince = clock.now();
    this.#lookedAt = this.#listeningSince;
  }

  /** A service of each of these types gave a sign. */
  heard(types: Iterable<string>): void {
    const at = this.clock.now();
    for (const type of types) this.#heard.set(type, at);
  }

  /** Attempts that nobody has begun, and whose block types have been silent for too long: looked for every minute. */
  async findLost(): Promise<DueTask[]> {
    const now = this.clock.now();
    const sinceMs = now.getTime() - this.#lookedAt.getTime();
    if (sinceMs < LOOK_EVERY_MS) return [];
    await this.#keepSigns();
    this.#lookedAt = now;
    if (sinceMs > MOST_BETWEEN_LOOKS_MS || (await this.#isCutOff(now))) this.#listeningSince = now;
    if (now.getTime() - this.#listeningSince.getTime() < silenceMs({ timeoutMs: 0 })) return [];
    const silent = await this.#silentBlocks(now);
    if (silent.length === 0) return [];
    const lost = await findUnanswered(this.database, silent, FOUND_AT_ONCE);
    // There may be more, for which the next sweep looks.
    if (lost.length === FOUND_AT_ONCE) this.#lookedAt = new Date(now.getTime() - LOOK_EVERY_MS);
    return lost;
  }

  async #keepSigns(): Promise<void> {
    const heard = this.#heard;
    this.#heard = new Map();
    try {
      await keepSigns(this.database, heard);
    } catch (error) {
      this.#heard = new Map([...heard, ...this.#heard]);
      throw error;
    }
  }

  /** What lies in the outbox for so long nobody can have been asked for. */
  async #isCutOff(now: Date): Promise<boolean> {
    const { oldestAt } = await this.relay.depth();
    return oldestAt !== undefined && now.getTime() - oldestAt.getTime() >= LOOK_EVERY_MS;
  }

  async #silentBlocks(now: Date): Promise<SilentBlock[]> {
    const out = (await this.openWork.look()).filter(({ requested }) => requested > 0);
    if (out.length === 0) return [];
    const signs = await readSigns(this.database);
    const silent: SilentBlock[] = [];
    for (const { workflow, version, block } of out) {
      const { plan } = await this.plans.of(this.database, workflow, version);
      const planned = plan.byId.get(block)!;
      if (waitsOutside(planned.type)) continue;
      const askedBefore = new Date(now.getTime() - silenceMs(planned));
      const signedAt = signs.get(planned.type) ?? this.#listeningSince;
      if (signedAt > askedBefore || this.#listeningSince > askedBefore) continue;
      silent.push({ workflow, version, block, askedBefore });
    }
    return silent;
  }
}
