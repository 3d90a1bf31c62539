import type { KafkaBroker, RawKafka, RawRecord } from '@duofactory/testing/kafka';
import { setTimeout as pause } from 'node:timers/promises';
import type { NodeProcess } from './node-process.js';
import { poisonOf, type Poison } from './poison.js';
import type { Random } from './random.js';
import type { Workload } from './workload.js';

export type FaultKind =
  | 'kill'
  | 'freeze'
  | 'cut from database'
  | 'cut from broker'
  | 'database silent'
  | 'broker silent'
  | 'broker restarts'
  | 'messages again, in disorder'
  | 'poison'
  | 'commands';

interface Fault {
  readonly kind: FaultKind;
  readonly node: NodeProcess;
  readonly ms: number;
  readonly seed: number;
}

/** What a hand draws from: so often each, whatever the seed. */
const DECK: readonly FaultKind[] = [
  ...Array.from({ length: 5 }, () => 'kill' as const),
  ...Array.from({ length: 3 }, () => 'freeze' as const),
  ...Array.from({ length: 3 }, () => 'cut from database' as const),
  ...Array.from({ length: 2 }, () => 'cut from broker' as const),
  'database silent',
  'broker silent',
  'broker restarts',
  ...Array.from({ length: 2 }, () => 'messages again, in disorder' as const),
  'poison',
  'commands',
];
export const FAULT_KINDS: readonly FaultKind[] = [...new Set(DECK)];
const HANDS = 2;
const REMEMBERED = 400;
const REPEATED = 25;

export interface Victims {
  readonly nodes: readonly NodeProcess[];
  readonly broker: KafkaBroker;
  readonly kafka: RawKafka;
  readonly poison: Poison;
  readonly workload: Workload;
  /** Runs that have not ended, as far as is known. */
  readonly openRuns: () => readonly string[];
  readonly sessionMs: number;
  readonly say: (line: string) => void;
}

/** Does what a bad week does, in a minute: a plan of faults that follows from a seed, two at a time. */
export class Nemesis {
  readonly counts = new Map<FaultKind, number>();
  readonly #busy = new Map<NodeProcess | 'broker', Promise<void>>();
  readonly #seen: RawRecord[] = [];

  constructor(
    private readonly victims: Victims,
    private readonly random: Random,
  ) {}

  /** What flows through the topics, to be sent again later. */
  remember(record: RawRecord): void {
    if (poisonOf(record) !== undefined || record.topic.endsWith('.dead-letter')) return;
    this.#seen.push(record);
    if (this.#seen.length > REMEMBERED) this.#seen.shift();
  }

  /** Resolves when all faults are over and everything is mended. */
  async strike(count: number): Promise<void> {
    const plan = this.#planOf(count);
    const hand = async (): Promise<void> => {
      for (let fault = plan.shift(); fault; fault = plan.shift()) {
        await this.#alone(fault);
        this.counts.set(fault.kind, (this.counts.get(fault.kind) ?? 0) + 1);
        await pause(fault.ms / 4);
      }
    };
    await Promise.all(Array.from({ length: HANDS }, hand));
  }

  #planOf(count: number): Fault[] {
    const { nodes, sessionMs } = this.victims;
    const plan: Fault[] = [];
    while (plan.length < count) {
      for (const kind of this.random.shuffled(DECK)) {
        const most = kind === 'freeze' ? 2 * sessionMs : 2500;
        const least = kind === 'freeze' ? Math.ceil(1.2 * sessionMs) : 20;
        plan.push({
          ...{ kind, node: this.random.of(nodes), ms: this.random.between(least, most) },
          seed: this.random.between(1, 2 ** 31),
        });
      }
    }
    return plan.slice(0, count);
  }

  /** No two faults of one victim at a time: a frozen process cannot be seen to come up. */
  async #alone(fault: Fault): Promise<void> {
    const victim = fault.kind === 'broker restarts' ? 'broker' : fault.node;
    const before = this.#busy.get(victim);
    let done = (): void => undefined;
    this.#busy.set(victim, new Promise((resolve) => (done = resolve)));
    await before;
    try {
      const what = await this.#commit(fault);
      this.victims.say(`${fault.kind}: ${what}`);
    } finally {
      done();
    }
  }

  async #commit({ kind, node, ms, seed }: Fault): Promise<string> {
    const { broker } = this.victims;
    const more = { random: this.random, seed };
    switch (kind) {
      case 'kill':
        await node.kill();
        await node.untilReady();
        return node.name;
      case 'freeze':
        node.freeze();
        await pause(ms);
        node.thaw();
        return `${node.name} for ${ms} ms`;
      case 'cut from database':
        return this.#wire(node, 'database', 'cut', ms);
      case 'cut from broker':
        return this.#wire(node, 'broker', 'cut', ms);
      case 'database silent':
        return this.#wire(node, 'database', 'hold', ms);
      case 'broker silent':
        return this.#wire(node, 'broker', 'hold', ms);
      case 'broker restarts':
        await broker.restart({ hard: more.seed % 2 === 0 });
        return more.seed % 2 === 0 ? 'killed' : 'told to';
      case 'messages again, in disorder':
        return this.#again();
      case 'poison':
        return this.victims.poison.send(this.random);
      case 'commands':
        return this.#command();
    }
  }

  async #wire(
    node: NodeProcess,
    to: 'database' | 'broker',
    how: 'cut' | 'hold',
    ms: number,
  ): Promise<string> {
    node[to][how]();
    await pause(ms);
    node[to].mend();
    return `${node.name} for ${ms} ms`;
  }

  /** Copies of what went through lately, shuffled, half of them on partitions where their key never is. */
  async #again(): Promise<string> {
    const { kafka } = this.victims;
    const some = this.random.shuffled(this.#seen).slice(0, REPEATED);
    for (const { topic, partition, key, value, headers } of some) {
      const count = await kafka.partitionsOf(topic);
      const elsewhere = this.random.next() < 0.5 ? this.random.between(0, count - 1) : partition;
      await kafka.send([{ topic, partition: elsewhere, key, value, headers }]);
    }
    return `${some.length} of them`;
  }

  async #command(): Promise<string> {
    const { workload, openRuns } = this.victims;
    while (openRuns().length === 0) await pause(50);
    const run = this.random.of(openRuns());
    const [first, second] = this.random.of([
      ['pause', 'resume'],
      ['cancel', 'retry'],
    ] as const);
    await workload.command(run, first);
    await pause(this.random.between(0, 500));
    await workload.command(run, second);
    return `${first} and ${second}`;
  }
}
