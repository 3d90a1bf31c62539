export { closest } from './closest.js';
export { compile, seenThroughNeeds, type Definition } from './compile.js';
export {
  compareOrd,
  decideFired,
  decideSettled,
  decideStart,
  joinWaiting,
  type Changes,
  type DueGroup,
  type JoinedPayload,
  type Outcome,
  type ResultRow,
  type SettledTask,
  type TaskError,
  type TaskRow,
  type TaskStatus,
  type WaitingRow,
} from './decide.js';
export { appendSegment, cutKey, joinKeys, label, taskId } from './keys.js';
export type { MinSuccess, Plan, PlannedBlock, PlannedNeed, PlannedRepeat, Refusal } from './plan.js';
