import type { BlockManifest } from '@duofactory/contracts';
import type { Outcome, PlannedBlock, Verdict } from '../src/index.js';

const type = (name: string, of: Pick<BlockManifest, 'input' | 'output' | 'samples'>): BlockManifest => ({
  type: name,
  version: 1,
  title: name,
  description: name,
  with: { type: 'object' },
  ...of,
});

export const MANIFESTS = new Map(
  [
    type('rows', { input: 'each', output: 'many' }),
    type('map', { input: 'each', output: 'one' }),
    type('gen', { input: 'each', output: 'one', samples: true }),
    type('collect', { input: 'all', output: 'one' }),
    type('spread', { input: 'all', output: 'many' }),
    type('pick', { input: 'all', output: 'pick' }),
  ].map((manifest) => [manifest.type, manifest]),
);

export interface Services {
  answer(block: PlannedBlock, key: string, sample: number, list: readonly string[]): Outcome;
  when(block: PlannedBlock, key: string): Verdict;
  until(block: PlannedBlock, key: string, round: number): Verdict;
  /** Whether an attempt fails in a way that another one may not: never as often as a task may be tried. */
  failsForNow(task: string, attempt: number): boolean;
}

/** Services and expressions whose answers depend on the seed and on what is asked, never on when. */
export class PlayedServices implements Services {
  constructor(private readonly seed: number) {}

  answer(block: PlannedBlock, key: string, sample: number, list: readonly string[]): Outcome {
    const at = [block.id, key, sample].join('|');
    if (this.chance(`fails ${at}`, 12)) return { kind: 'error', error: { code: 'played', message: at } };
    if (block.output === 'pick') {
      const picked = list.filter((one) => !this.chance(`left out ${at} ${one}`, 3));
      const rank = (one: string): number => this.hash(`rank ${at} ${one}`);
      const picks = picked.sort((a, b) => rank(a) - rank(b)).map((one) => ({ key: one, result: {} }));
      return { kind: 'picks', picks };
    }
    if (block.output === 'one') return { kind: 'outputs', outputs: [{ result: {} }] };
    const count = this.hash(`count ${at}`) % 4;
    const named = this.chance(`named ${block.id}`, 2);
    const outputs = Array.from({ length: count }, (_, n) => ({
      ...(named ? { id: `id ${(n + this.hash(`turn ${at}`)) % count}` } : {}),
      result: {},
    }));
    return { kind: 'outputs', outputs };
  }

  failsForNow(task: string, attempt: number): boolean {
    return attempt <= 3 && this.chance(`fails for now ${task} ${attempt}`, 5);
  }

  when(block: PlannedBlock, key: string): Verdict {
    if (this.chance(`when fails ${block.id} ${key}`, 15))
      return { error: { code: 'expression-failed', message: key, field: 'when' } };
    return { holds: !this.chance(`when ${block.id} ${key}`, 3) };
  }

  until(block: PlannedBlock, key: string, round: number): Verdict {
    if (this.chance(`until fails ${block.id} ${key} ${round}`, 15))
      return { error: { code: 'expression-failed', message: key, field: 'until' } };
    return { holds: this.chance(`until ${block.id} ${key} ${round}`, 3) };
  }

  private chance(what: string, oneIn: number): boolean {
    return this.hash(what) % oneIn === 0;
  }

  /** FNV-1a, mixed. */
  private hash(text: string): number {
    let hash = (0x811c9dc5 ^ this.seed) >>> 0;
    for (let at = 0; at < text.length; at += 1)
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
    return (hash ^ (hash >>> 13)) >>> 0;
  }
}
