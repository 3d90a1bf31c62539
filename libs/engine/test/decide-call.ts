import {
  decideExpanded,
  decideFired,
  decideSettled,
  decideStart,
  decideUntil,
  decideWhen,
  type Changes,
  type DueGroup,
  type EvaluatedUntil,
  type EvaluatedWhen,
  type Piece,
  type Plan,
  type Settled,
  type WaitingRow,
} from '../src/index.js';

export const RUN = '00000000-0000-4000-8000-000000000000';

/** What goes into the engine once, as a value. */
export type Call =
  | { readonly start: true }
  | { readonly settled: readonly Settled[]; readonly mostRows?: number; readonly beside?: number }
  | { readonly expanded: Piece; readonly consumed: readonly WaitingRow[] }
  | { readonly fired: readonly DueGroup[]; readonly mostRows?: number }
  | { readonly when: readonly EvaluatedWhen[]; readonly mostRows?: number }
  | { readonly until: readonly EvaluatedUntil[] };

export function decideCall(plan: Plan, call: Call): Changes {
  if ('settled' in call) return decideSettled(plan, RUN, call.settled, call.mostRows, call.beside);
  if ('expanded' in call) return decideExpanded(plan, RUN, call.expanded, call.consumed);
  if ('fired' in call) return decideFired(plan, RUN, call.fired, call.mostRows);
  if ('when' in call) return decideWhen(plan, RUN, call.when, call.mostRows);
  if ('until' in call) return decideUntil(plan, RUN, call.until);
  return decideStart(plan, RUN);
}
