import {
  Bus,
  BusStopped,
  type Message,
  type RunningSubscription,
  type Subscription,
  type TopicSpec,
} from '../bus.js';
import { exponential, type BackOff } from '../back-off.js';
import {
  deadLetterOf,
  deadLetterTopic,
  isDeadLetterTopic,
  parkedEvent,
  type DeadLetterStore,
} from '../dead-letter.js';
import { codeOf, messageOf } from '../failure.js';
import { stderrLog, type Log } from '../log.js';
import { murmur2Of } from '../murmur2.js';
import { OpenTally, type GroupFigures } from '../work/tally.js';
import { workerFor } from '../work/worker-for.js';
import type { Parcel, Worker } from '../work/worker.js';
import { LocalParcel } from './local-parcel.js';
import { Ticket } from './ticket.js';

export interface LocalBusOptions {
  readonly deadLetters?: DeadLetterStore;
  readonly log?: Log;
  readonly backOff?: BackOff;
}

type State = 'new' | 'started' | 'stopped';

/** The members of one group on one topic, and what they count together. */
interface Members {
  readonly tally: OpenTally;
  readonly workers: Worker[];
}

/**
 * The bus within one process: one instance for all its services. It stores nothing: `publish` resolves only when
 * every group has acknowledged, so the outbox keeps the record until then, and hands it over again after a crash.
 * What is published before `start` waits for it, so that no service misses the first messages of another.
 * Events are handed over as they are, without a copy: nobody may alter them.
 */
export class LocalBus extends Bus {
  readonly inProcess = true;
  readonly #options: LocalBusOptions;
  readonly #log: Log;
  readonly #backOff: BackOff;
  readonly #groups = new Map<string, Map<string, Members>>();
  readonly #kept = new Map<string, Map<string, Message>>();
  readonly #workers = new Set<Worker>();
  readonly #started: Promise<void>;
  #release: () => void = () => undefined;
  #state: State = 'new';

  constructor(options: LocalBusOptions = {}) {
    super();
    this.#options = options;
    this.#log = options.log ?? stderrLog;
    this.#backOff = options.backOff ?? exponential(100, 10_000);
    this.#started = new Promise((resolve) => (this.#release = resolve));
  }

  async publish(messages: readonly Message[]): Promise<void> {
    if (this.#state === 'new') await this.#started;
    if (this.#state === 'stopped') throw new BusStopped();

    let open = 0;
    for (const message of messages) {
      this.#keep(message);
      open += this.#groups.get(message.topic)?.size ?? 0;
    }
    if (open === 0) return;

    const ticket = new Ticket(open);
    const shares = new Map<Worker, LocalParcel[]>();
    for (const message of messages) {
      const groups = this.#groups.get(message.topic);
      if (groups === undefined) continue;
      for (const { workers, tally } of groups.values()) {
        const worker = memberFor(workers, message.key);
        const parcel = new LocalParcel(message, tally, ticket);
        const share = shares.get(worker);
        if (share === undefined) shares.set(worker, [parcel]);
        else share.push(parcel);
      }
    }
    for (const [worker, share] of shares) worker.accept(share);
    return ticket.settled;
  }

  async subscribe(subscription: Subscription): Promise<RunningSubscription> {
    const { group } = subscription;
    const topics = [...new Set(subscription.topics)];
    const worker: Worker = workerFor(subscription, {
      backOff: this.#backOff,
      park: (parcel, error) => this.#park(group, parcel as LocalParcel, error),
      retrying: (parcel, error, delayMs) => this.#retrying(group, parcel as LocalParcel, error, delayMs),
    });
    this.#workers.add(worker);
    for (const topic of topics) {
      const { tally } = this.#join(topic, group, worker);
      if (!subscription.fromBeginning) continue;
      const kept = [...(this.#kept.get(topic)?.values() ?? [])];
      if (kept.length > 0) worker.accept(kept.map((message) => new LocalParcel(message, tally)));
    }
    return { stop: () => this.#leave(topics, group, worker) };
  }

  async listTopics(): Promise<undefined> {
    return undefined;
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    for (const { name, compacted } of topics) {
      if (compacted && !this.#kept.has(name)) this.#kept.set(name, new Map());
    }
  }

  async start(): Promise<void> {
    if (this.#state !== 'new') return;
    this.#state = 'started';
    this.#release();
  }

  async drain(graceMs?: number): Promise<void> {
    this.#state = 'stopped';
    this.#release();
    const timer = graceMs === undefined ? undefined : setTimeout(() => this.#abort(), graceMs);
    // At once, and not when all have ended: a handler may wait until what it has published is acknowledged.
    await Promise.all([...this.#workers].map(async (worker) => abandon(await worker.drain())));
    clearTimeout(timer);
    this.#workers.clear();
    this.#groups.clear();
  }

  async stop(): Promise<void> {
    this.#abort();
    await this.drain();
  }

  async ready(): Promise<void> {
    if (this.#state === 'stopped') throw new BusStopped();
  }

  async figures(): Promise<GroupFigures[]> {
    return [...this.#groups].flatMap(([topic, groups]) =>
      Array.from(groups, ([group, { tally }]) => tally.figures(group, topic)),
    );
  }

  #abort(): void {
    for (const worker of this.#workers) worker.abort();
  }

  #keep(message: Message): void {
    this.#kept.get(message.topic)?.set(message.key, message);
  }

  #join(topic: string, group: string, worker: Worker): Members {
    let groups = this.#groups.get(topic);
    if (groups === undefined) this.#groups.set(topic, (groups = new Map<string, Members>()));
    const { workers = [], tally = new OpenTally() } = groups.get(group) ?? {};
    const members = { tally, workers: [...workers, worker] };
    groups.set(group, members);
    return members;
  }

  async #leave(topics: readonly string[], group: string, worker: Worker): Promise<void> {
    if (!this.#workers.delete(worker)) return;
    for (const topic of topics) {
      const groups = this.#groups.get(topic);
      const members = groups?.get(group);
      const workers = members?.workers.filter((member) => member !== worker) ?? [];
      if (workers.length > 0) groups!.set(group, { tally: members!.tally, workers });
      else groups?.delete(group);
    }
    const orphans: LocalParcel[] = [];
    for (const parcel of (await worker.drain()) as LocalParcel[]) {
      const members = this.#groups.get(parcel.message.topic)?.get(group);
      if (members === undefined) orphans.push(parcel);
      else memberFor(members.workers, parcel.message.key).accept([parcel]);
    }
    abandon(orphans);
  }

  async #park(group: string, parcel: LocalParcel, error: unknown): Promise<void> {
    const { message, attempts } = parcel;
    const letter = deadLetterOf({ message, group, error, attempts });
    const { topic } = message;
    if (isDeadLetterTopic(topic)) {
      // A letter about a letter would go round for ever; the first one is kept already.
      this.#log.error(
        { topic, group, eventId: message.event.id, errorCode: letter.errorCode },
        'dead letter not handled',
      );
      return;
    }
    await this.#options.deadLetters?.keep(letter);
    parcel.tally.parked += 1;
    this.#log.error(
      {
        topic,
        group,
        eventId: message.event.id,
        runId: message.event.subject,
        attempts,
        errorCode: letter.errorCode,
        err: error,
      },
      'message parked',
    );
    // Not awaited: a consumer of dead letters must not hold up the consumer that goes on.
    this.publish([{ topic: deadLetterTopic(topic), key: message.key, event: parkedEvent(letter) }]).catch(
      (cause: unknown) => this.#log.warn({ topic, errorCode: codeOf(cause) }, 'dead letter not announced'),
    );
  }

  #retrying(group: string, parcel: LocalParcel, error: unknown, delayMs: number): void {
    parcel.tally.retried += 1;
    this.#log.warn(
      {
        topic: parcel.message.topic,
        group,
        eventId: parcel.event.id,
        runId: parcel.event.subject,
        attempt: parcel.attempts,
        delayMs: Math.round(delayMs),
        errorCode: codeOf(error),
        errorMessage: messageOf(error),
      },
      'event failed, will be tried again',
    );
  }
}

function memberFor(workers: readonly Worker[], key: string): Worker {
  return workers.length === 1 ? workers[0]! : workers[murmur2Of(key) % workers.length]!;
}

function abandon(parcels: readonly Parcel[]): void {
  const reason = new BusStopped();
  for (const parcel of parcels) (parcel as LocalParcel).ticket?.abandon(reason);
}
