import type { BlockManifest } from '@duofactory/contracts';
import type { Changes, Definition, Outcome, PlannedBlock, Verdict } from '../src/index.js';
import type { Call } from './decide-call.js';
import type { OutcomeOfRun } from './outcome-of-run.js';
import type { Services } from './played-services.js';

/** Of the files in `libs/engine/recordings/`. A change that older files do not fit raises it, and reads them still. */
export const FORMAT = 1;

/** A run as an engine decided it: what went in and what came out, each time, and what the run came to. */
export interface RecordedHistory {
  readonly format: typeof FORMAT;
  readonly name: string;
  readonly definition: Definition;
  readonly manifests: readonly BlockManifest[];
  readonly decided: readonly { readonly call: Call; readonly changes: PlainChanges }[];
  /** What services and expressions answered, by what they were asked. */
  readonly answers: Readonly<Record<string, Outcome>>;
  readonly verdicts: Readonly<Record<string, Verdict>>;
  readonly outcome: OutcomeOfRun;
}

/** Changes as JSON: what has a name is a list of pairs. */
export type PlainChanges = Omit<Changes, 'groups' | 'blocks' | 'expansions'> & {
  readonly expansions?: Changes['expansions'];
  readonly groups: readonly (readonly [string, Changes['groups'] extends Map<string, infer T> ? T : never])[];
  readonly blocks: readonly (readonly [string, Changes['blocks'] extends Map<string, infer T> ? T : never])[];
};

export function plain(changes: Changes): PlainChanges {
  const { groups, blocks, ...rest } = changes;
  return JSON.parse(JSON.stringify({ ...rest, groups: [...groups], blocks: [...blocks] })) as PlainChanges;
}

export function changesOf({ groups, blocks, ...rest }: PlainChanges): Changes {
  return {
    ...rest,
    // Files from before there were any have none.
    expansions: rest.expansions ?? [],
    failure: rest.failure,
    groups: new Map(groups.map(([name, group]) => [name, { ...group }])),
    blocks: new Map(blocks.map(([name, counts]) => [name, { ...counts }])),
  };
}

/** Answers as others give them, written down. */
export class WrittenDown implements Services {
  readonly answers: Record<string, Outcome> = {};
  readonly verdicts: Record<string, Verdict> = {};

  constructor(private readonly services: Services) {}

  answer(block: PlannedBlock, key: string, sample: number, list: readonly string[]): Outcome {
    return (this.answers[`${block.id} ${key} ${sample}`] = this.services.answer(block, key, sample, list));
  }

  when(block: PlannedBlock, key: string): Verdict {
    return (this.verdicts[`when ${block.id} ${key}`] = this.services.when(block, key));
  }

  until(block: PlannedBlock, key: string, round: number): Verdict {
    return (this.verdicts[`until ${block.id} ${key} ${round}`] = this.services.until(block, key, round));
  }

  failsForNow(): boolean {
    return false;
  }
}

/** Answers as they were written down. */
export class FromFile implements Services {
  constructor(private readonly of: Pick<RecordedHistory, 'answers' | 'verdicts'>) {}

  answer(block: PlannedBlock, key: string, sample: number): Outcome {
    return found(this.of.answers, `${block.id} ${key} ${sample}`);
  }

  when(block: PlannedBlock, key: string): Verdict {
    return found(this.of.verdicts, `when ${block.id} ${key}`);
  }

  until(block: PlannedBlock, key: string, round: number): Verdict {
    return found(this.of.verdicts, `until ${block.id} ${key} ${round}`);
  }

  failsForNow(): boolean {
    return false;
  }
}

function found<T>(all: Readonly<Record<string, T>>, name: string): T {
  const one = all[name];
  if (one === undefined)
    throw new Error(`The engine asks for "${name}" now, and did not when this was recorded`);
  return one;
}
