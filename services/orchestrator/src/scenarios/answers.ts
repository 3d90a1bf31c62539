import type { BlockRequested } from '@duofactory/contracts';
import type { BlockOutcome } from '../app/advance/block-outcome.js';
import type { Answer, Scenario, TaskName } from './scenario.js';

/** What may happen next to one task, in this order. */
export interface Lane {
  readonly task: string;
  readonly events: LaneEvent[];
  /** The file says all that happens to this task: nothing is doubled. */
  readonly scripted: boolean;
}

export type LaneEvent =
  | { readonly kind: 'answer'; readonly outcome: BlockOutcome }
  | { readonly kind: 'lost'; readonly attempt: number }
  | { readonly kind: 'publish'; readonly attempt: number };

/** What the services of a scenario say, and what the file says about attempts. */
export class Answers {
  constructor(
    private readonly services: NonNullable<Scenario['services']>,
    private readonly faults: NonNullable<Scenario['faults']>,
  ) {}

  /** The same, but for entries of equal block, key and sample. */
  with(services: NonNullable<Scenario['services']>): Answers {
    const merged = { ...this.services };
    for (const [block, entries] of Object.entries(services)) {
      const others = (merged[block] ?? []).filter(
        ({ key, sample }) => !entries.some((entry) => entry.key === key && entry.sample === sample),
      );
      merged[block] = [...others, ...entries];
    }
    return new Answers(merged, []);
  }

  /** The keys of the list that the task is to get, where the file says them. */
  expectedPayloads(request: BlockRequested, retried: boolean): readonly string[] | undefined {
    const entry = this.entry(request);
    return (retried ? entry?.afterRetry?.expectPayloads : undefined) ?? entry?.expectPayloads;
  }

  entry(request: BlockRequested): Answer | undefined {
    const { block, key, sample } = request;
    return this.services[block]?.find((one) => one.key === key && one.sample === sample);
  }

  hold(request: BlockRequested): { task: TaskName; until: 'quiet' | 'cancelled' } | undefined {
    const fault = this.faults.find((one) => 'hold' in one && isTask(one.hold, request));
    return fault && 'hold' in fault ? { task: fault.hold, until: fault.until } : undefined;
  }

  /** All that happens to a task by the file, once it is requested for the first time. */
  script(request: BlockRequested): LaneEvent[] | undefined {
    const fault = this.faults.find((one) => 'task' in one && isTask(one.task, request));
    if (!fault || !('task' in fault)) return undefined;
    return fault.events.map((event): LaneEvent => {
      const [what, number, how] = event.split(' ');
      const attempt = Number(number);
      if (what === 'lost' || what === 'publish') return { kind: what, attempt };
      if (what === 'completed')
        return { kind: 'answer', outcome: this.answer({ ...request, attempt }, false) };
      const error = { code: 'scripted', message: event, retryable: how === 'retryable' };
      const { run, task } = request;
      return { kind: 'answer', outcome: { run, task, attempt, kind: 'failed', error } };
    });
  }

  /** Throws where the file has none. */
  answer(request: BlockRequested, retried: boolean): BlockOutcome {
    const { run, task, attempt, block, key, sample } = request;
    const entry = this.entry(request);
    const found = retried ? (entry?.afterRetry ?? entry) : entry;
    if (!found) throw new MissingAnswer(block, key, sample);
    if (found.error) {
      const error = { message: 'As the file says', retryable: false, ...found.error };
      return { run, task, attempt, kind: 'failed', error };
    }
    if (found.picks) {
      const picks = found.picks.map(({ key: picked, result = {} }) => ({ key: picked, result }));
      return { run, task, attempt, kind: 'completed', outcome: { kind: 'picks', picks } };
    }
    const outputs = found.outputs?.map(({ result = {}, ...one }) => ({ ...one, result })) ?? [
      { result: found.result ?? {} },
    ];
    return { run, task, attempt, kind: 'completed', outcome: { kind: 'outputs', outputs } };
  }
}

/** The file answers no request for this task. */
export class MissingAnswer extends Error {
  readonly code = 'missing-answer';
  constructor(block: string, key: string, sample: number) {
    super(`an answer for ${taskName({ block, key, sample })}`);
  }
}

export function isTask(name: TaskName, { block, key, sample }: BlockRequested): boolean {
  return name.block === block && name.key === key && (name.sample ?? sample) === sample;
}

export function taskName({ block, key, sample }: TaskName): string {
  return `${block} "${key}"${sample === undefined ? '' : ` sample ${sample}`}`;
}
