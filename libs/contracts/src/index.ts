export { eventsReference } from './documents/events-reference.js';
export { eventContract, type CloudEvent, type EventContract, type EventData } from './cloud-event.js';
export { MAX_INLINE_BYTES, Ref } from './ref.js';
export { canonicalJson, hashJson, storableJson, uuidFrom, type Json, type JsonObject } from './json.js';
export { closest } from './closest.js';
export { USER_NAME, userHeader, userOfHeader } from './user-name.js';
export { Delay, Duration, durationMs } from './duration.js';
export { BlockManifest, Reference, referenceKind } from './manifest.js';
export {
  MissingVariable,
  brokenTemplates,
  lookupIn,
  resolveTemplates,
  templatePaths,
  templateRoots,
  type Lookup,
} from './template.js';
export { Usage, paymentOf, spentOn, sumIfKnown, type SpentOn } from './usage.js';
export { BlockRequested, RunAbove, blockRequestedTopic, blockRequestedV1 } from './events/block-requested.js';
export { BlockAnswer, BlockCompleted, blockCompletedV1 } from './events/block-completed.js';
export type { AttemptWork } from './events/attempt-work.js';
export { AttemptPaid, attemptPaidV1 } from './events/attempt-paid.js';
export { BlockError, BlockFailed, blockFailedV1 } from './events/block-failed.js';
export { BlockProgress, blockProgressV1 } from './events/block-progress.js';
export { BlockTypeRegistered, blockTypeRegisteredV1 } from './events/block-type-registered.js';
export { EffectsReused, MOST_EFFECTS_REUSED, effectsReusedV1 } from './events/effects-reused.js';
export { HoldLifted, holdLiftedV1 } from './events/hold-lifted.js';
export { MessageParked, messageParkedV1 } from './events/message-parked.js';
export { ReferencePublished, referencePublishedV1 } from './events/reference-published.js';
export {
  RunCompleted,
  RunRequested,
  RunStarted,
  runCompletedV1,
  runRequestedV1,
  runStartedV1,
} from './events/runs.js';
export { TasksCancelled, tasksCancelledV1 } from './events/tasks-cancelled.js';
export {
  ContentPublished,
  ContentUnpublished,
  contentPublishedV1,
  contentUnpublishedV1,
} from './events/content-published.js';
export { BlockDefinition, Retry, WorkflowDefinition, WorkflowInput } from './content/workflow.js';
export { ModelConfiguration, PromptDefinition, PromptStep } from './content/prompt.js';
export { EvaluatorDefinition } from './content/evaluator.js';
export { GoldenCase, GoldenSetDefinition } from './content/golden-set.js';
export { CourseDefinition, CourseUnit, TableDefinition } from './content/course.js';
export { AudioMeasures } from './content/audio-measures.js';
export { Episode, EpisodeExercise, EpisodeLine, EpisodeProvenance } from './content/episode.js';
export type {
  EvaluateResult,
  Opinion,
  PublishResult,
  SpeechRequest,
  SpeechResult,
  SpokenLine,
  SpokenSentence,
  SpokenWord,
  Viseme,
} from './block-results.js';
export { CONTRACTS, asyncApi } from './documents/async-api.js';
export { contentSchemas } from './documents/content-schemas.js';
