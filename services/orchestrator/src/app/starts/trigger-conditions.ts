import type { CloudEvent } from '@duofactory/contracts';
import { ExpressionTimeout, type Expressions } from '@duofactory/expressions';
import type { Background } from '@duofactory/platform';
import type { TriggerRow } from '../../store/triggers.js';
import { eventKey } from './event-key.js';

/** Whether a trigger's `when` holds for an event, or why nobody can say. */
export type Condition = boolean | Error;

/** Some hundred times what a `when` needs: after one that looped, the others of its trigger are not waited for long. */
const LIMIT_AFTER_TIMEOUT_MS = 100;
const MOST_REMEMBERED = 1000;

/**
 * The `when`s of triggers. One that loops must not hold up what comes behind it on its topic: it gets the time of any
 * expression once, the rest of its events a tenth of that, and the answer is remembered while a failed batch is cut
 * down to the events to blame.
 */
export class TriggerConditions implements Background {
  readonly #remembered = new Map<string, ExpressionTimeout>();

  constructor(
    /** Its own: those of runs do not wait for a trigger's. */
    private readonly expressions: Expressions,
  ) {}

  /** Its thread begins with the first condition. */
  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return this.expressions.stop();
  }

  /** One for each event, in order. */
  async of({ id, when }: TriggerRow, events: readonly CloudEvent[]): Promise<Condition[]> {
    if (when === null || events.length === 0) return events.map(() => true);
    const names = events.map((event) => `${id}\n${when}\n${eventKey(event)}`);
    const isKnown = names.some((name) => this.#remembered.has(name));
    if (!isKnown && events.length > 1) {
      try {
        const values = await this.expressions.evaluate(when, events.map(scopeOf));
        return values.map((value) => value === true);
      } catch {
        // Each for itself: one bad event fails alone.
      }
    }
    const conditions: Condition[] = [];
    let timeLimitMs: number | undefined = isKnown ? LIMIT_AFTER_TIMEOUT_MS : undefined;
    for (const [n, event] of events.entries()) {
      const condition = this.#remembered.get(names[n]!) ?? (await this.#alone(when, event, timeLimitMs));
      if (condition instanceof ExpressionTimeout) {
        timeLimitMs = LIMIT_AFTER_TIMEOUT_MS;
        // A lone event is parked now: sent again, it is asked again.
        if (events.length > 1) this.#remember(names[n]!, condition);
        else this.#remembered.delete(names[n]!);
      }
      conditions.push(condition);
    }
    return conditions;
  }

  async #alone(when: string, event: CloudEvent, timeLimitMs: number | undefined): Promise<Condition> {
    const limit = timeLimitMs === undefined ? {} : { timeLimitMs };
    try {
      const [value] = await this.expressions.evaluate(when, [scopeOf(event)], limit);
      return value === true;
    } catch (error) {
      return error as Error;
    }
  }

  #remember(name: string, timeout: ExpressionTimeout): void {
    this.#remembered.set(name, timeout);
    if (this.#remembered.size > MOST_REMEMBERED)
      this.#remembered.delete(this.#remembered.keys().next().value!);
  }
}

/** What a trigger's expression and templates may name. `subject` and `traceparent` not every event has. */
export const OF_AN_EVENT = ['data', 'id', 'source', 'type', 'subject', 'time', 'traceparent'];

/** What a trigger's expression and templates see. */
export function scopeOf(event: CloudEvent): Record<string, unknown> {
  return { ...event };
}
