/**
 * What a definition means, worked out naively: block by block over whole lists, as if everything of a block were
 * there before the next begins. No counters, no groups that fire, no waiting: it shares keys' spelling with the
 * engine, and nothing else.
 */
import { cutKey, label, type Plan, type PlannedBlock, type Verdict } from '../src/index.js';
import type { OutcomeOfRun } from './outcome-of-run.js';
import type { PlayedServices } from './played-services.js';

interface Payload {
  readonly key: string;
  readonly ord: readonly number[];
  readonly state: 'ok' | 'passed' | 'error';
}

type Place = Pick<Payload, 'key' | 'ord'>;

export function batchOutcome(plan: Plan, services: PlayedServices): OutcomeOfRun {
  return new Batch(plan, services).outcome();
}

class Batch {
  readonly #payloads = new Map<string, Payload[]>();
  readonly #tasks: Record<string, number> = {};
  readonly #done: Record<string, number> = {};
  readonly #good: Record<string, number> = {};
  readonly #lists: Record<string, string[]> = {};
  #failed = false;
  #errors = 0;

  constructor(
    private readonly plan: Plan,
    private readonly services: PlayedServices,
  ) {}

  outcome(): OutcomeOfRun {
    for (const block of this.plan.blocks) {
      this.#payloads.set(block.id, []);
      this.#tasks[block.id] = this.#done[block.id] = this.#good[block.id] = 0;
    }
    for (const block of this.plan.blocks) {
      if (block.repeat) this.#loop(block);
      // The body of a loop comes with the block that repeats.
      else if (!block.loop) this.#whole(block, (need) => this.#payloads.get(need)!);
    }
    for (const block of this.plan.blocks) if (!this.#enough(block)) this.#failed = true;
    const payloads: Record<string, string[]> = {};
    for (const [block, rows] of this.#payloads)
      payloads[block] = [...rows].sort(byOrder).map(({ key, state }) => `${key} ${state}`);
    const status = this.#failed ? 'failed' : this.#errors > 0 ? 'partial' : 'completed';
    return { status, payloads, tasks: this.#tasks, lists: this.#lists };
  }

  #whole(block: PlannedBlock, inputOf: (need: string) => readonly Payload[], round = 1): Payload[] {
    const arrivals = this.#arrivals(block, inputOf);
    const made =
      block.input === 'each'
        ? arrivals.flatMap((one) => this.#each(block, one, 1))
        : this.#groups(block, arrivals).flatMap(([group, list]) => this.#all(block, group, list, round));
    this.#payloads.get(block.id)!.push(...made);
    return made;
  }

  /** Every combination of payloads of the needs that agrees in all shared segments. */
  #arrivals(block: PlannedBlock, inputOf: (need: string) => readonly Payload[]): Place[] {
    if (block.needs.length === 0) return [{ key: '', ord: [] }];
    const lead = block.needs.findIndex((need) => !need.optional);
    const listed = block.needs.filter((_, n) => n !== lead);
    const first = [...inputOf(block.needs[lead]!.block)].sort(byOrder);
    let rows: (Place & { places: Record<string, number> })[] = first.map(({ key, ord }) => ({
      key,
      ord,
      places: {},
    }));
    for (const need of [...listed.filter((one) => !one.optional), ...listed.filter((one) => one.optional)]) {
      const partners = [...inputOf(need.block)].sort(byOrder);
      rows = rows.flatMap((row) => {
        const matching = partners.filter((partner) => agree(row.key, partner.key));
        if (matching.length === 0) return need.optional ? [row] : [];
        return matching.map((partner, n) => {
          const places = { ...row.places, [need.block]: n + 1 };
          return { key: this.#both(row.key, partner.key), ord: row.ord, places };
        });
      });
    }
    return rows
      .map(({ key, ord, places }) => ({
        key,
        ord: [...ord, ...listed.map(({ block: id }) => places[id] ?? 0)],
      }))
      .sort(byOrder);
  }

  #groups(block: PlannedBlock, arrivals: readonly Place[]): [Place, Place[]][] {
    if (block.per === undefined) return [[{ key: '', ord: [] }, [...arrivals]]];
    const { signature } = this.plan.byId.get(block.per)!;
    const lists = Map.groupBy(arrivals, ({ key }) => cutKey(key, signature));
    return [...lists].map(([key, list]) => [this.#ofPer(block, key), list]);
  }

  #ofPer({ per }: PlannedBlock, key: string): Place {
    const payload = per === undefined ? undefined : this.#payloads.get(per)!.find((one) => one.key === key);
    return { key, ord: payload?.ord ?? [] };
  }

  #each(block: PlannedBlock, at: Place, firstSample: number, ask = true): Payload[] {
    const samples = Array.from({ length: block.times }, (_, n) => firstSample + n);
    if (block.when !== undefined && ask) {
      const verdict = this.services.when(block, at.key);
      if ('error' in verdict)
        return samples.flatMap((sample) => {
          this.#tasks[block.id]! += 1;
          return this.#lost(block, at, sample, []);
        });
      if (!verdict.holds) return this.#through(block, at, '0', [], 'passed');
    }
    return samples.flatMap((sample) => this.#task(block, at, sample, []).payloads);
  }

  #all(block: PlannedBlock, group: Place, list: readonly Place[], round: number): Payload[] {
    if (block.when !== undefined) {
      const verdict = this.services.when(block, group.key);
      if ('error' in verdict) {
        this.#tasks[block.id]! += 1;
        return this.#lost(block, group, round, list);
      }
      if (!verdict.holds) return this.#through(block, group, '0', list, 'passed');
    }
    return this.#task(block, group, round, list).payloads;
  }

  #task(
    block: PlannedBlock,
    at: Place,
    sample: number,
    list: readonly Place[],
  ): { payloads: Payload[]; failed: boolean } {
    this.#tasks[block.id]! += 1;
    const keys = list.map(({ key }) => key);
    if (block.input === 'all') this.#lists[`${block.id} ${at.key} ${sample}`] = keys;
    const outcome = this.services.answer(block, at.key, sample, keys);
    if (outcome.kind === 'error') return { payloads: this.#lost(block, at, sample, list), failed: true };
    this.#done[block.id]! += 1;
    let payloads: Payload[];
    if (outcome.kind === 'picks')
      payloads = outcome.picks.map(({ key }, n) => ({ key, ord: [...at.ord, n + 1], state: 'ok' }));
    else if (block.output === 'one') payloads = this.#through(block, at, String(sample), list, 'ok');
    else if (outcome.kind === 'outputs')
      payloads = outcome.outputs.map(({ id }, n) => {
        const named = id === undefined ? String(n + 1) : label(id);
        return { key: slash(at.key, `${block.id}=${named}`), ord: [...at.ord, n + 1], state: 'ok' };
      });
    else throw new Error('Nothing is reused here');
    if (!block.repeat) this.#good[block.id]! += payloads.length;
    return { payloads, failed: false };
  }

  /** Failed for good. */
  #lost(block: PlannedBlock, at: Place, sample: number, list: readonly Place[]): Payload[] {
    if (block.onError === 'fail') this.#failed = true;
    else this.#errors += 1;
    if (block.onError !== 'keep') return [];
    return this.#through(block, at, block.output === 'many' ? '0' : String(sample), list, 'error');
  }

  #through(
    block: PlannedBlock,
    at: Place,
    named: string,
    list: readonly Place[],
    state: Payload['state'],
  ): Payload[] {
    if (block.output === 'pick') return list.map(({ key }, n) => ({ key, ord: [...at.ord, n + 1], state }));
    if (!block.forks) return [{ ...at, state }];
    return [{ key: slash(at.key, `${block.id}=${named}`), ord: [...at.ord, Number(named)], state }];
  }

  #loop(block: PlannedBlock): void {
    const from = this.plan.byId.get(block.repeat!.from)!;
    for (const arrival of this.#arrivals(from, (need) => this.#payloads.get(need)!))
      this.#payloads.get(block.id)!.push(...this.#rounds(block, from, arrival));
  }

  /** The rounds for one payload that reaches `from`. */
  #rounds(block: PlannedBlock, from: PlannedBlock, arrival: Place): Payload[] {
    const { rounds, body, otherwise, until } = block.repeat!;
    const inner = body.filter((id) => id !== from.id).map((id) => this.plan.byId.get(id)!);
    const verdict = from.when === undefined ? { holds: true } : this.services.when(from, arrival.key);
    const most = 'error' in verdict || !verdict.holds ? 1 : rounds;
    const candidates = new Map<string, Payload[]>();
    let last: Payload[] | undefined;
    let asked = false;
    for (let round = 1; round <= most; round += 1) {
      const fresh = new Map<string, Payload[]>();
      const samples = this.#each(from, arrival, (round - 1) * from.times + 1, round === 1);
      this.#payloads.get(from.id)!.push(...samples);
      fresh.set(from.id, samples);
      for (const one of inner)
        fresh.set(
          one.id,
          this.#whole(one, (need) => fresh.get(need)!, round),
        );
      for (const { block: need } of block.needs)
        candidates.set(need, [...(candidates.get(need) ?? []), ...fresh.get(need)!]);
      const list = this.#arrivals(block, (need) => candidates.get(need)!);
      if (list.length === 0) continue;

      const group = this.#ofPer(block, cutKey(arrival.key, from.taskSignature));
      if (block.when !== undefined && !asked) {
        const asks = this.services.when(block, group.key);
        if ('error' in asks) {
          this.#tasks[block.id]! += 1;
          return this.#lost(block, group, round, list);
        }
        if (!asks.holds) return this.#through(block, group, '0', list, 'passed');
      }
      asked = true;
      const { payloads, failed } = this.#task(block, group, round, list);
      if (failed) return payloads;
      const good: Verdict =
        until === undefined ? { holds: payloads.length > 0 } : this.services.until(block, group.key, round);
      if ('error' in good) {
        this.#done[block.id]! -= 1;
        return this.#lost(block, group, round, list);
      }
      if (good.holds) return this.#ended(block, payloads);
      last = payloads;
    }
    if (otherwise === 'fail') this.#failed = true;
    else if (otherwise === 'keep' && last) return this.#ended(block, last);
    else this.#errors += 1;
    return [];
  }

  #ended(block: PlannedBlock, payloads: Payload[]): Payload[] {
    this.#good[block.id]! += payloads.length;
    return payloads;
  }

  #enough({ id, minSuccess }: PlannedBlock): boolean {
    if (minSuccess === undefined) return true;
    if ('count' in minSuccess) return this.#good[id]! >= minSuccess.count;
    return this.#tasks[id] === 0 || this.#done[id]! / this.#tasks[id]! >= minSuccess.share;
  }

  #both(a: string, b: string): string {
    const segments = new Set([...a.split('/'), ...b.split('/')].filter((one) => one !== ''));
    const order = this.plan.blocks.map(({ id }) => id);
    const at = (segment: string): number => order.indexOf(segment.split('=')[0]!);
    return [...segments].sort((x, y) => at(x) - at(y)).join('/');
  }
}

/** Equal labels wherever both keys have a segment of the same block. */
function agree(a: string, b: string): boolean {
  const labels = new Map(a.split('/').map((segment) => segment.split('=') as [string, string]));
  return b.split('/').every((segment) => {
    const [block, value] = segment.split('=') as [string, string];
    return !labels.has(block) || labels.get(block) === value;
  });
}

function slash(key: string, segment: string): string {
  return key === '' ? segment : `${key}/${segment}`;
}

function byOrder(a: Place, b: Place): number {
  const length = Math.max(a.ord.length, b.ord.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (a.ord[at] ?? -1) - (b.ord[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
