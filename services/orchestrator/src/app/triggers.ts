import { lookupIn, resolveTemplates, type CloudEvent } from '@duofactory/contracts';
import { checkExpression, type Expressions } from '@duofactory/expressions';
import { Problem, type Clock, type Database } from '@duofactory/platform';
import {
  deleteTrigger,
  listTriggers,
  putTrigger,
  readTrigger,
  triggersOf,
  type TriggerRow,
} from '../store/triggers.js';
import type { StartRun } from './start-run.js';

export type Trigger = TriggerRow;

/** Runs that start by events: a mapping from any CloudEvent's data to the inputs of a workflow. */
export class Triggers {
  constructor(
    private readonly database: Database,
    private readonly startRun: StartRun,
    private readonly expressions: Expressions,
    /** Topics that this process listens to. */
    private readonly topics: readonly string[],
    private readonly clock: Clock,
  ) {}

  list(): Promise<TriggerRow[]> {
    return listTriggers(this.database);
  }

  async show(id: string): Promise<TriggerRow> {
    const trigger = await readTrigger(this.database, id);
    if (!trigger) throw unknownTrigger(id);
    return trigger;
  }

  /** Makes or replaces a trigger. Throws Problem that names the field at fault. */
  async put(id: string, trigger: Omit<TriggerRow, 'id'>): Promise<TriggerRow> {
    const { definition } = await this.startRun.resolve(trigger.workflow);
    const declared = Object.keys(definition.inputs ?? {});
    const errors = Object.keys(trigger.inputs)
      .filter((name) => !declared.includes(name))
      .map((name) => ({
        field: `inputs.${name}`,
        message: `Not an input of this workflow; it has ${declared.join(', ') || 'none'}`,
      }));
    if (!this.topics.includes(trigger.topic)) {
      const message = `Not listened to: it is one of ${this.topics.join(', ')}. DUOFACTORY_TRIGGER_TOPICS adds others`;
      errors.push({ field: 'topic', message });
    }
    const fault = trigger.when === null ? undefined : checkExpression(trigger.when);
    if (fault) errors.push({ field: 'when', message: fault.message });
    if (errors.length > 0) {
      throw new Problem({
        status: 422,
        code: 'invalid-trigger',
        title: 'The trigger does not fit',
        detail: errors.map(({ field, message }) => `${field}: ${message}`).join('; '),
        errors,
      });
    }
    await putTrigger(this.database, { id, ...trigger }, this.clock.now());
    return this.show(id);
  }

  async delete(id: string): Promise<void> {
    if (!(await deleteTrigger(this.database, id))) throw unknownTrigger(id);
  }

  /**
   * Starts a run for each trigger of a topic that an event sets off; the same event twice, one run. An event that lacks
   * what a trigger maps is terminal: it is parked, with the reason.
   */
  async takeAll(topic: string, events: readonly CloudEvent[]): Promise<void> {
    const triggers = await triggersOf(
      this.database,
      topic,
      events.map(({ type }) => type),
    );
    if (triggers.length === 0) return;
    for (const event of events) {
      for (const trigger of triggers) {
        const { type, source } = trigger;
        if (type === event.type && (source === null || source === event.source))
          await this.#fire(trigger, event);
      }
    }
  }

  async #fire({ id, when, workflow, inputs }: TriggerRow, event: CloudEvent): Promise<void> {
    const scope = { ...event } as Record<string, unknown>;
    if (when !== null) {
      const [holds] = await this.expressions.evaluate(when, [scope]);
      if (holds !== true) return;
    }
    await this.startRun.execute({
      workflow,
      inputs: resolveTemplates(inputs, lookupIn(scope)) as Record<string, unknown>,
      traceparent: event.traceparent,
      idempotencyKey: `trigger/${id}/${event.source}#${event.id}`,
    });
  }
}

function unknownTrigger(id: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-trigger',
    title: 'Unknown trigger',
    detail: `No trigger has the id "${id}"`,
  });
}
