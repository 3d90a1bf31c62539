export { compile, seenThroughNeeds, type Definition } from './compile.js';
export { rowsMade, type Changes, type GroupState } from './changes.js';
export { firesByCount, releasesByCount } from './counted-waiting.js';
export {
  decideAskAgain,
  decideExpanded,
  decideFired,
  decideSettled,
  decideStart,
  decideUntil,
  decideWhen,
  type DueGroup,
  type EvaluatedUntil,
  type EvaluatedWhen,
  type Settled,
  type Verdict,
} from './decide.js';
export { editedBy } from './edits.js';
export type { EndOfTask, Expansion, Piece } from './expand.js';
export { joinWaiting, type JoinedPayload } from './join-waiting.js';
export { appendSegment, cutKey, encodeText, label, taskId } from './keys.js';
export type { LoopState } from './loop.js';
export type { MinSuccess, Plan, PlannedBlock, PlannedNeed, PlannedRepeat, Refusal } from './plan.js';
export { roundOf } from './rounds.js';
export {
  compareOrd,
  type NewTask,
  type Outcome,
  type ResultRow,
  type TaskError,
  type TaskRow,
  type TaskStatus,
  type WaitingRow,
} from './rows.js';
