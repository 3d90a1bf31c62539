import {
  decideFired,
  decideSettled,
  decideStart,
  decideUntil,
  decideWhen,
  type Changes,
  type DueGroup,
  type EvaluatedUntil,
  type EvaluatedWhen,
  type Plan,
  type Settled,
} from '../src/index.js';

export const RUN = '00000000-0000-4000-8000-000000000000';

/** What goes into the engine once, as a value. */
export type Call =
  | { readonly start: true }
  | { readonly settled: readonly Settled[] }
  | { readonly fired: readonly DueGroup[] }
  | { readonly when: readonly EvaluatedWhen[] }
  | { readonly until: readonly EvaluatedUntil[] };

export function decideCall(plan: Plan, call: Call): Changes {
  if ('settled' in call) return decideSettled(plan, RUN, call.settled);
  if ('fired' in call) return decideFired(plan, RUN, call.fired);
  if ('when' in call) return decideWhen(plan, RUN, call.when);
  if ('until' in call) return decideUntil(plan, RUN, call.until);
  return decideStart(plan, RUN);
}
