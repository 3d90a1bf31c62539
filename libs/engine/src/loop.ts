/**
 * The rounds of a quality loop. A group of E opens with the payload that reaches `from`; each time nothing is open in
 * the loop any more, E is asked about the candidates of all rounds, and `until` about E's payloads. Then the loop ends
 * for the group, or `from` makes new samples of the same payload.
 */
import { blockOf, countOpen, countsOf, release, type Changes } from './changes.js';
import { deliver, makeTask } from './deliver.js';
import { joinWaiting } from './join-waiting.js';
import type { Plan, PlannedBlock, PlannedRepeat } from './plan.js';
import type { ResultRow, WaitingRow } from './rows.js';

/** What is known of a group's loop from the rows of its `from` and of E. */
export interface LoopState {
  /** Its payload came to `from`; else it was dropped before, and there is no loop. */
  readonly reached: boolean;
  /** `from` was passed by, or failed to say whether: new samples would be no others. */
  readonly onlyRound: boolean;
  /** Order of the payload at `from`. */
  readonly ord: readonly number[];
  /** E has had a task for this group in an earlier round. */
  readonly asked: boolean;
}

export interface LoopGroup {
  readonly block: PlannedBlock;
  readonly key: string;
  readonly round: number;
  readonly loop: LoopState;
  /** Candidates of all rounds. */
  readonly waiting: readonly WaitingRow[];
}

/** E's verdict: its payloads go on, or another round begins, or the loop ends as `otherwise` says. */
export function endRound(
  plan: Plan,
  run: string,
  group: LoopGroup,
  /** What E made this time; undefined: it was never asked. */
  last: readonly ResultRow[] | undefined,
  goodEnough: boolean,
  changes: Changes,
): void {
  const { block, key, round, loop } = group;
  const repeat = block.repeat!;
  if (goodEnough) {
    endLoop(plan, run, group, last ?? [], changes);
  } else if (round < repeat.rounds && !loop.onlyRound) {
    changes.groupStates.push({ block: block.id, key, state: 'open', round: round + 1 });
    countsOf(changes, block.id).openWork += 1;
    const from = blockOf(plan, repeat.from);
    for (let sample = round * from.times + 1; sample <= (round + 1) * from.times; sample += 1)
      makeTask(plan, run, from, { key, ord: loop.ord }, sample, changes);
  } else if (repeat.otherwise === 'fail') {
    changes.groupStates.push({ block: block.id, key, state: 'exhausted', round });
    countOpen(plan, block, { signature: block.taskSignature, key }, +1, changes);
    changes.failure ??= { block: block.id, error: exhausted(repeat, round), final: true };
  } else if (repeat.otherwise === 'keep' && last !== undefined) {
    endLoop(plan, run, group, last, changes);
  } else {
    changes.losses += 1;
    endLoop(plan, run, group, [], changes);
  }
}

/** The loop is over for the group: its payloads go on, the candidates wait no more. */
export function endLoop(
  plan: Plan,
  run: string,
  { block, key, round, waiting }: LoopGroup,
  payloads: readonly ResultRow[],
  changes: Changes,
): void {
  const counts = countsOf(changes, block.id);
  counts.good += payloads.filter(({ state }) => state === 'ok').length;
  counts.unmatched += joinWaiting(plan, block, waiting).unmatched;
  changes.groupStates.push({ block: block.id, key, state: 'closed', round });
  for (const payload of payloads) {
    changes.results.push(payload);
    deliver(plan, run, block, payload, changes);
  }
  release(plan, block, waiting, changes);
}

function exhausted({ rounds }: PlannedRepeat, round: number): { code: string; message: string } {
  const message = `None of ${round === rounds ? `${rounds} rounds` : `the only round`} was good enough`;
  return { code: 'rounds-exhausted', message };
}
