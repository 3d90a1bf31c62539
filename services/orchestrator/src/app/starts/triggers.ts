import {
  brokenTemplates,
  closest,
  lookupIn,
  resolveTemplates,
  templatePaths,
  type CloudEvent,
  type WorkflowDefinition,
} from '@duofactory/contracts';
import { checkExpression, faultText, rootNames } from '@duofactory/expressions';
import { codeOf, isTerminal, messageOf } from '@duofactory/messaging';
import { Problem, type Clock, type Database } from '@duofactory/platform';
import {
  deleteTrigger,
  listTriggers,
  putTrigger,
  readTrigger,
  triggersOf,
  type TriggerRow,
} from '../../store/triggers.js';
import { triggersBehind, type Triggered } from '../../store/triggered-runs.js';
import { isOfType } from '../commands/check-inputs.js';
import { eventKey } from './event-key.js';
import { idTaken } from '../id-taken.js';
import type { StartRun } from '../commands/start-run.js';
import { OF_AN_EVENT, scopeOf, type Condition, type TriggerConditions } from './trigger-conditions.js';

export type Trigger = TriggerRow;

const DEEPEST = 8;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Runs that start by events: a mapping from any CloudEvent's data to the inputs of a workflow. */
export class Triggers {
  constructor(
    private readonly database: Database,
    private readonly startRun: StartRun,
    private readonly conditions: TriggerConditions,
    /** Topics that this process listens to. */
    private readonly topics: readonly string[],
    private readonly clock: Clock,
  ) {}

  list(workflow?: string): Promise<TriggerRow[]> {
    return listTriggers(this.database, workflow);
  }

  async show(id: string): Promise<TriggerRow> {
    const trigger = await readTrigger(this.database, id);
    if (!trigger) throw unknownTrigger(id);
    return trigger;
  }

  /** Makes or replaces a trigger. Throws Problem that names the field at fault; or it was to be new, and is not. */
  async put(id: string, trigger: Omit<TriggerRow, 'id'>, isNew = false): Promise<TriggerRow> {
    const { definition } = await this.startRun.resolve(trigger.workflow);
    const errors = faultsOfMapping(definition, trigger.inputs);
    if (!this.topics.includes(trigger.topic)) {
      const message = `Not listened to: it is one of ${this.topics.join(', ')}. DUOFACTORY_TRIGGER_TOPICS adds others`;
      errors.push({ field: 'topic', message });
    }
    const { when } = trigger;
    const fault = when === null ? undefined : checkExpression(when);
    if (fault) errors.push({ field: 'when', message: faultText(when!, fault) });
    else if (when !== null) {
      const foreign = rootNames(when).find((name) => !OF_AN_EVENT.includes(name));
      if (foreign !== undefined) errors.push({ field: 'when', message: noSuchRoot(`"${when}"`, foreign) });
    }
    if (errors.length > 0) {
      throw new Problem({
        status: 422,
        code: 'invalid-trigger',
        title: 'The trigger does not fit',
        detail: errors.map(({ field, message }) => `${field}: ${message}`).join('; '),
        errors,
      });
    }
    const now = this.clock.now();
    if (!(await putTrigger(this.database, { id, ...trigger }, { now, isNew }))) throw idTaken('trigger', id);
    return this.show(id);
  }

  async delete(id: string): Promise<void> {
    if (!(await deleteTrigger(this.database, id))) throw unknownTrigger(id);
  }

  /**
   * Starts a run for each trigger of a topic that an event sets off; the same event twice, one run. An event that lacks
   * what a trigger maps is terminal: it is parked, with the reason, once all other triggers have had it. Sent again, it
   * starts what it did not start before.
   */
  async takeAll(topic: string, events: readonly CloudEvent[]): Promise<void> {
    const triggers = await triggersOf(
      this.database,
      topic,
      events.map(({ type }) => type),
    );
    const conditions = new Map<TriggerRow, Map<CloudEvent, Condition>>();
    for (const trigger of triggers) {
      const { type, source } = trigger;
      const its = events.filter(
        (event) => type === event.type && (source === null || source === event.source),
      );
      const found = await this.conditions.of(trigger, its);
      conditions.set(trigger, new Map(its.map((event, n) => [event, found[n]!])));
    }
    const failures: { trigger: string; error: unknown }[] = [];
    for (const event of events) {
      for (const trigger of triggers) {
        const condition = conditions.get(trigger)!.get(event) ?? false;
        if (condition === false) continue;
        try {
          if (condition !== true) throw condition;
          await this.#fire(trigger, event);
        } catch (error) {
          failures.push({ trigger: trigger.id, error });
        }
      }
    }
    if (failures.length > 0) throw failureOf(failures);
  }

  async #fire({ id, workflow, inputs }: TriggerRow, event: CloudEvent): Promise<void> {
    const mapped = resolveTemplates(inputs, lookupIn(scopeOf(event))) as Record<string, unknown>;
    const { traceparent } = event;
    const triggered = await this.#triggeredBy(id, event);
    const idempotencyKey = `trigger/${id}/${eventKey(event)}`;
    try {
      await this.startRun.execute({ workflow, inputs: mapped, traceparent, triggered, idempotencyKey });
    } catch (error) {
      // The event has had its run; the trigger was changed since.
      if (!(error instanceof Problem) || error.code !== 'idempotency-key-reused') throw error;
    }
  }

  /** An event may tell of a run that a trigger has started: then one leads to the other, and not for ever. */
  async #triggeredBy(trigger: string, { data }: CloudEvent): Promise<Triggered> {
    const run = (data as { run?: unknown } | null | undefined)?.run;
    if (typeof run !== 'string' || !UUID.test(run)) return { trigger, depth: 1 };
    const depth = (await triggersBehind(this.database, run)) + 1;
    if (depth > DEEPEST) throw tooDeep(trigger, run);
    return { trigger, after: run, depth };
  }
}

function tooDeep(trigger: string, run: string): Problem {
  return new Problem({
    status: 422,
    code: 'too-deep',
    title: 'Triggers start runs in a circle',
    detail:
      `${DEEPEST} triggers in a row led to run ${run}, of which the event tells: does trigger "${trigger}" start what ` +
      'sets it off? Let its `when` leave those runs out',
  });
}

/** Some triggers of an event cannot start their runs, however often it comes. */
class TriggersFailed extends Error {
  readonly terminal = true;
  constructor(
    message: string,
    /** Of the first of them. */
    readonly code: string,
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What is worth another try goes first: then those that are not will show again. */
function failureOf(failures: readonly { trigger: string; error: unknown }[]): unknown {
  const passing = failures.find(({ error }) => !isTerminal(error));
  if (passing) return passing.error;
  const told = failures.map(({ trigger, error }) => `Trigger "${trigger}": ${messageOf(error)}`);
  const cause = failures[0]!.error;
  return new TriggersFailed([...new Set(told)].join('; '), codeOf(cause), { cause });
}

/** What can be known to be wrong before the first event comes. */
function faultsOfMapping(
  { inputs: declared = {} }: WorkflowDefinition,
  mapped: Readonly<Record<string, unknown>>,
): { field: string; message: string }[] {
  const names = Object.keys(declared);
  const unknown = Object.keys(mapped)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      field: `inputs.${name}`,
      message: `Not an input of this workflow; it has ${names.join(', ') || 'none'}`,
    }));
  const wrong = Object.entries(declared).flatMap(([name, { type, default: otherwise }]) => {
    const field = `inputs.${name}`;
    const example = `{{data.${name}}}`;
    if (!Object.hasOwn(mapped, name)) {
      const message = `Required: a ${type}. Map it to what the event has, such as "${example}"`;
      return otherwise === undefined ? [{ field, message }] : [];
    }
    const value = mapped[name];
    const [broken] = brokenTemplates(value);
    if (broken !== undefined) {
      const message = `"${broken}" is no template: write "${example}", and nothing else between the braces`;
      return [{ field, message }];
    }
    const foreign = templatePaths(value).find((path) => !OF_AN_EVENT.includes(rootOf(path)));
    if (foreign !== undefined) return [{ field, message: noSuchRoot(`"{{${foreign}}}"`, rootOf(foreign)) }];
    if (isWholeTemplate(value) || isOfType(value, type)) return [];
    return [{ field, message: `Must be a ${type}, or one template and nothing else: "${example}"` }];
  });
  return [...unknown, ...wrong];
}

const rootOf = (path: string): string => path.split('.')[0]!;

function noSuchRoot(said: string, name: string): string {
  const near = closest(name, OF_AN_EVENT);
  const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
  return `${said} reads "${name}", which no event has${hint}: a path begins with ${OF_AN_EVENT.join(', ')}; what the event carries is in data`;
}

/** It becomes a value of any type. */
function isWholeTemplate(value: unknown): boolean {
  const mark = {};
  return typeof value === 'string' && resolveTemplates(value, () => mark) === mark;
}

function unknownTrigger(id: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-trigger',
    title: 'Unknown trigger',
    detail: `No trigger has the id "${id}"`,
  });
}
