import { Module, type DynamicModule } from '@nestjs/common';
import { blockRequestedTopic } from '@duofactory/contracts';
import { Expressions } from '@duofactory/expressions';
import { ObjectStore } from '@duofactory/objects';
import { Clock, Database, loadConfig, type ServiceDefinition, type ServiceParts } from '@duofactory/platform';
import { Batches, MOST_ITEMS } from './app/batches/batches.js';
import { AdvanceRuns } from './app/advance/advance-runs.js';
import { AskReviewAgain } from './app/reviews/ask-review-again.js';
import { ChildRuns } from './app/advance/child-runs.js';
import { ContentChanges } from './app/history/content-changes.js';
import { CommandRuns } from './app/commands/command-runs.js';
import { CancelRun } from './app/commands/cancel-run.js';
import { DeadLetters } from './app/dead-letters.js';
import { DecideRuns } from './app/advance/decide-runs.js';
import { ExpandRuns } from './app/advance/expand-runs.js';
import { Drafts } from './app/workflows/drafts.js';
import { Editors } from './app/workflows/editors.js';
import { ForgetEnded } from './app/retention/forget-ended.js';
import { FollowRuns } from './app/history/follow-runs.js';
import { WatchRuns } from './app/history/watch-runs.js';
import { RehearseStart } from './app/commands/rehearse-start.js';
import { ForecastRerun } from './app/commands/forecast-rerun.js';
import { refuseUnknownTopics } from './app/starts/known-topics.js';
import { LiftHolds } from './app/advance/lift-holds.js';
import { Plans } from './app/advance/plans.js';
import { PublishWorkflow } from './app/workflows/publish-workflow.js';
import { ReadPastInputs } from './app/history/read-past-inputs.js';
import { ReadUses } from './app/workflows/read-uses.js';
import { References } from './app/workflows/references.js';
import { OWN_BLOCK_TYPES } from './app/workflows/own-block-types.js';
import { OpenWork } from './app/advance/open-work.js';
import { ReadListSource } from './app/batches/read-list-source.js';
import { CompareRuns } from './app/history/compare-runs.js';
import { ShowWork } from './app/history/show-work.js';
import { ShowTask } from './app/history/show-task.js';
import { ShowTimeline } from './app/history/show-timeline.js';
import { ReadHistory } from './app/history/read-history.js';
import { ReadLineage } from './app/history/read-lineage.js';
import { ReadPayloads } from './app/history/read-payloads.js';
import { ReadResult } from './app/history/read-result.js';
import { ReadProvenance } from './app/history/read-provenance.js';
import { ReadTaskInput } from './app/history/read-task-input.js';
import { RecordScenario } from './app/history/record-scenario.js';
import { ReadRuns } from './app/history/read-runs.js';
import { ReadWorkflowUses } from './app/workflows/read-workflow-uses.js';
import { ReadWorkflows } from './app/workflows/read-workflows.js';
import { PauseRun } from './app/commands/pause-run.js';
import { RerunRun } from './app/commands/rerun-run.js';
import { RetentionConfig } from './app/retention/retention-config.js';
import { RetryRun } from './app/commands/retry-run.js';
import { Reviews } from './app/reviews/reviews.js';
import { Schedules } from './app/starts/schedules.js';
import { TestBlock } from './app/commands/test-block.js';
import { StartRun } from './app/commands/start-run.js';
import { RunTraces } from './app/advance/run-traces.js';
import { RunMetrics } from './app/advance/run-metrics.js';
import { SweepRuns } from './app/advance/sweep-runs.js';
import { TriggerConditions } from './app/starts/trigger-conditions.js';
import { TriggerConfig } from './app/starts/trigger-config.js';
import { Triggers } from './app/starts/triggers.js';
import { BlockOutcomesHandler } from './events/block-outcomes.handler.js';
import { BlockProgressHandler } from './events/block-progress.handler.js';
import { BlockTypeRegisteredHandler } from './events/block-type-registered.handler.js';
import { ChildRunsHandler } from './events/child-runs.handler.js';
import { ContentChangedHandler } from './events/content-changed.handler.js';
import { HoldLiftedHandler } from './events/hold-lifted.handler.js';
import { MessageParkedHandler } from './events/message-parked.handler.js';
import { ReferencePublishedHandler } from './events/reference-published.handler.js';
import { ReviewsHandler } from './events/reviews.handler.js';
import { RunsEndedHandler } from './events/runs-ended.handler.js';
import { RunRequestedHandler } from './events/run-requested.handler.js';
import { BatchesController } from './http/batches.controller.js';
import { BlockTypesController } from './http/block-types.controller.js';
import { DeadLettersController } from './http/dead-letters.controller.js';
import { DraftsController } from './http/drafts.controller.js';
import { EditorsController } from './http/editors.controller.js';
import { ReferencesController } from './http/references.controller.js';
import { HistoryController } from './http/history.controller.js';
import { ReviewsController } from './http/reviews.controller.js';
import { RerunsController } from './http/reruns.controller.js';
import { LiveRunsController } from './http/live-runs.controller.js';
import { ManyRunsController } from './http/many-runs.controller.js';
import { RunsController } from './http/runs.controller.js';
import { SchedulesController } from './http/schedules.controller.js';
import { TasksController } from './http/tasks.controller.js';
import { TriggersController } from './http/triggers.controller.js';
import { BlockTestsController } from './http/block-tests.controller.js';
import { WorkflowsController } from './http/workflows.controller.js';
import { DefinitionsAsWritten1764000080000 } from './store/migrations/1764000080000-definitions-as-written.js';
import { Retention1764000093000 } from './store/migrations/1764000093000-retention.js';
import { LateCosts1764000060100 } from './store/migrations/1764000060100-late-costs.js';
import { SignsOfTypes1764000073000 } from './store/migrations/1764000073000-signs-of-types.js';
import { WorkflowTexts1764000075000 } from './store/migrations/1764000075000-workflow-texts.js';
import { ManifestsAsWritten1764000085000 } from './store/migrations/1764000085000-manifests-as-written.js';
import { TestsOfRuns1764000074000 } from './store/migrations/1764000074000-tests-of-runs.js';
import { TriggeredRuns1764000073100 } from './store/migrations/1764000073100-triggered-runs.js';
import { OpenBatchesOfAWorkflow1764000071000 } from './store/migrations/1764000071000-open-batches-of-a-workflow.js';
import { UnfinishedSteps1764000066000 } from './store/migrations/1764000066000-unfinished-steps.js';
import { UsedUpInPieces1764000066100 } from './store/migrations/1764000066100-used-up-in-pieces.js';
import { UnbornResults1764000064000 } from './store/migrations/1764000064000-unborn-results.js';
import { RerunEdits1764000067000 } from './store/migrations/1764000067000-rerun-edits.js';
import { RunsThatAwaitReview1764000065000 } from './store/migrations/1764000065000-runs-that-await-review.js';
import { Expansions1764000060000 } from './store/migrations/1764000060000-expansions.js';
import { Runs1764000000000 } from './store/migrations/1764000000000-runs.js';
import { ChildrenAndReviews1764000002000 } from './store/migrations/1764000002000-children-and-reviews.js';
import { Batches1764000003000 } from './store/migrations/1764000003000-batches.js';
import { Holds1764000009000 } from './store/migrations/1764000009000-holds.js';
import { PayloadCounts1764000005000 } from './store/migrations/1764000005000-payload-counts.js';
import { SchedulesAndTriggers1764000004000 } from './store/migrations/1764000004000-schedules-and-triggers.js';
import { History1764000006100 } from './store/migrations/1764000006100-history.js';
import { Drafts1764000006000 } from './store/migrations/1764000006000-drafts.js';
import { PlansAndVacuum1764000008100 } from './store/migrations/1764000008100-plans-and-vacuum.js';
import { BatchSources1764000008000 } from './store/migrations/1764000008000-batch-sources.js';
import { Traces1764000021000 } from './store/migrations/1764000021000-traces.js';
import { Actors1764000040100 } from './store/migrations/1764000040100-actors.js';
import { ReferenceUses1764000042100 } from './store/migrations/1764000042100-reference-uses.js';
import { Figures1764000020000 } from './store/migrations/1764000020000-figures.js';
import { SchedulesThatEnd1764000045000 } from './store/migrations/1764000045000-schedules-that-end.js';
import { ReviewClaims1764000052000 } from './store/migrations/1764000052000-review-claims.js';
import { BatchesGivenBy1764000053100 } from './store/migrations/1764000053100-batches-given-by.js';
import { Editors1764000058100 } from './store/migrations/1764000058100-editors.js';
import { WorkflowRevisions1764000058000 } from './store/migrations/1764000058000-workflow-revisions.js';
import { NotPicked1764000054100 } from './store/migrations/1764000054100-not-picked.js';
import { PackedCounts1764000041000 } from './store/migrations/1764000041000-packed-counts.js';
import { SettledInPlace1764000041100 } from './store/migrations/1764000041100-settled-in-place.js';
import { registerBlockType } from './store/block-types.js';
import { Decisions1764000001000 } from './store/migrations/1764000001000-decisions.js';

/** Many events that no trigger is for pass by: they are looked at together. */
const TRIGGERS_EVERY_MS = 50;

/** What the HTTP and event handlers and the background share. */
interface Parts {
  readonly advance: AdvanceRuns;
  readonly plans: Plans;
  readonly openWork: OpenWork;
  readonly reviews: Reviews;
  readonly publishWorkflow: PublishWorkflow;
  readonly drafts: Drafts;
  readonly forecastRerun: ForecastRerun;
  readonly rehearseStart: RehearseStart;
  readonly startRun: StartRun;
  readonly batches: Batches;
  readonly schedules: Schedules;
  readonly triggers: Triggers;
  readonly deadLetters: DeadLetters;
  readonly holds: LiftHolds;
  readonly children: ChildRuns;
  readonly pause: PauseRun;
  readonly retry: RetryRun;
  readonly rerun: RerunRun;
  readonly cancel: CancelRun;
}

/** Workflows, runs and the persisted state machine, over REST and events. */
@Module({})
export class OrchestratorModule {
  static with(
    { database, clock, objects }: ServiceParts,
    {
      advance,
      plans,
      openWork,
      reviews,
      publishWorkflow,
      drafts,
      forecastRerun,
      rehearseStart,
      startRun,
      batches,
      schedules,
      triggers,
      deadLetters,
      holds,
      children,
      ...commands
    }: Parts,
  ): DynamicModule {
    const readRuns = new ReadRuns(database, plans);
    const follow = new FollowRuns(database, clock);
    const content = new ContentChanges();
    const editors = new Editors(database, clock);
    return {
      module: OrchestratorModule,
      controllers: [
        LiveRunsController,
        ManyRunsController,
        RunsController,
        RerunsController,
        BatchesController,
        SchedulesController,
        TriggersController,
        DeadLettersController,
        ReviewsController,
        HistoryController,
        TasksController,
        BlockTestsController,
        WorkflowsController,
        DraftsController,
        EditorsController,
        ReferencesController,
        BlockTypesController,
        BlockOutcomesHandler,
        BlockProgressHandler,
        ChildRunsHandler,
        RunsEndedHandler,
        ReviewsHandler,
        BlockTypeRegisteredHandler,
        ReferencePublishedHandler,
        RunRequestedHandler,
        MessageParkedHandler,
        HoldLiftedHandler,
        ContentChangedHandler,
      ],
      providers: [
        { provide: Database, useValue: database },
        { provide: Clock, useValue: clock },
        { provide: ObjectStore, useValue: objects },
        { provide: AdvanceRuns, useValue: advance },
        { provide: FollowRuns, useValue: follow },
        { provide: WatchRuns, useValue: new WatchRuns(database, follow, content, editors, clock) },
        { provide: ContentChanges, useValue: content },
        { provide: Editors, useValue: editors },
        { provide: StartRun, useValue: startRun },
        { provide: ChildRuns, useValue: children },
        { provide: Reviews, useValue: reviews },
        { provide: RehearseStart, useValue: rehearseStart },
        { provide: Batches, useValue: batches },
        { provide: Schedules, useValue: schedules },
        { provide: Triggers, useValue: triggers },
        { provide: DeadLetters, useValue: deadLetters },
        { provide: LiftHolds, useValue: holds },
        { provide: PauseRun, useValue: commands.pause },
        { provide: RetryRun, useValue: commands.retry },
        { provide: CancelRun, useValue: commands.cancel },
        {
          provide: CommandRuns,
          useValue: new CommandRuns(commands.cancel, commands.pause, commands.retry, clock),
        },
        { provide: RerunRun, useValue: commands.rerun },
        { provide: ForecastRerun, useValue: forecastRerun },
        { provide: AskReviewAgain, useValue: new AskReviewAgain(database, plans, commands.rerun) },
        { provide: PublishWorkflow, useValue: publishWorkflow },
        { provide: Drafts, useValue: drafts },
        { provide: ReadPastInputs, useValue: new ReadPastInputs(database, plans) },
        { provide: ReadUses, useValue: new ReadUses(database, plans) },
        { provide: TestBlock, useValue: new TestBlock(database, publishWorkflow, startRun, clock) },
        { provide: ReadWorkflowUses, useValue: new ReadWorkflowUses(database) },
        { provide: ReadWorkflows, useValue: new ReadWorkflows(database) },
        { provide: ReadRuns, useValue: readRuns },
        { provide: ReadLineage, useValue: new ReadLineage(database, plans) },
        { provide: CompareRuns, useValue: new CompareRuns(database, plans) },
        { provide: ShowTimeline, useValue: new ShowTimeline(database, plans, clock) },
        { provide: ShowWork, useValue: new ShowWork(database, openWork, plans, clock) },
        { provide: ReadHistory, useValue: new ReadHistory(database, plans) },
        { provide: ReadProvenance, useValue: new ReadProvenance(database, plans) },
        { provide: ShowTask, useValue: new ShowTask(database) },
        { provide: ReadTaskInput, useValue: new ReadTaskInput(database, plans) },
        { provide: RecordScenario, useValue: new RecordScenario(database, plans) },
        { provide: ReadPayloads, useValue: new ReadPayloads(database, plans) },
        { provide: ReadResult, useValue: new ReadResult(database, plans, objects) },
      ],
    };
  }
}

export const ORCHESTRATOR_MIGRATIONS = [
  Runs1764000000000,
  Decisions1764000001000,
  ChildrenAndReviews1764000002000,
  Batches1764000003000,
  SchedulesAndTriggers1764000004000,
  PayloadCounts1764000005000,
  Drafts1764000006000,
  History1764000006100,
  BatchSources1764000008000,
  PlansAndVacuum1764000008100,
  Holds1764000009000,
  Figures1764000020000,
  Traces1764000021000,
  Actors1764000040100,
  PackedCounts1764000041000,
  SettledInPlace1764000041100,
  ReferenceUses1764000042100,
  SchedulesThatEnd1764000045000,
  ReviewClaims1764000052000,
  BatchesGivenBy1764000053100,
  NotPicked1764000054100,
  WorkflowRevisions1764000058000,
  Editors1764000058100,
  Expansions1764000060000,
  LateCosts1764000060100,
  UnbornResults1764000064000,
  RunsThatAwaitReview1764000065000,
  UnfinishedSteps1764000066000,
  UsedUpInPieces1764000066100,
  RerunEdits1764000067000,
  OpenBatchesOfAWorkflow1764000071000,
  SignsOfTypes1764000073000,
  TriggeredRuns1764000073100,
  TestsOfRuns1764000074000,
  WorkflowTexts1764000075000,
  DefinitionsAsWritten1764000080000,
  ManifestsAsWritten1764000085000,
  Retention1764000093000,
];

export const orchestratorService: ServiceDefinition = {
  name: 'orchestrator',
  schema: 'orchestrator',
  resources: [
    'workflows',
    'runs',
    'tasks',
    'batches',
    'schedules',
    'triggers',
    'block-types',
    'reviews',
    'dead-letters',
    'editors',
    'references',
  ],
  configuration: [TriggerConfig, RetentionConfig],
  migrations: ORCHESTRATOR_MIGRATIONS,
  async create(parts) {
    const { database, outbox, relay, bus, objects, clock, log, env, urls, metrics, tracing } = parts;
    const plans = new Plans();
    const references = new References();
    const expressions = new Expressions();
    const openWork = new OpenWork(database);
    const advance = new AdvanceRuns(database, plans, outbox, relay, clock, {
      openWork,
      metrics: new RunMetrics(metrics, database, openWork, plans),
      traces: new RunTraces(tracing),
    });
    const publishWorkflow = new PublishWorkflow(database, references, clock);
    const drafts = new Drafts(database, publishWorkflow, clock, parts.config.publishPolicy);
    const startRun = new StartRun(database, advance, references, plans, drafts);
    const commands = {
      pause: new PauseRun(advance),
      retry: new RetryRun(advance),
      rerun: new RerunRun(database, advance, references, plans, drafts),
      cancel: new CancelRun(advance),
    };
    const forecastRerun = new ForecastRerun(advance, commands.rerun, drafts, expressions, objects);
    const reviews = new Reviews(database, advance, clock);
    const readList = new ReadListSource(urls.api, expressions, MOST_ITEMS);
    const batches = new Batches(database, startRun, readList, commands, clock);
    const rehearseStart = new RehearseStart(database, startRun, drafts, references, readList);
    const schedules = new Schedules(database, startRun, clock, log);
    const { triggerTopics } = loadConfig(TriggerConfig, env);
    await refuseUnknownTopics(bus, triggerTopics);
    const conditions = new TriggerConditions(new Expressions());
    const triggers = new Triggers(database, startRun, conditions, triggerTopics, clock);
    await bus.ensureTopics(OWN_BLOCK_TYPES.map(({ type }) => ({ name: blockRequestedTopic(type) })));
    for (const manifest of OWN_BLOCK_TYPES)
      await registerBlockType(database, { service: 'orchestrator', manifest, now: clock.now() });
    for (const topic of new Set(triggerTopics)) {
      // An event does not say which topic it came by: a group each.
      await bus.subscribe({
        group: `orchestrator-triggers.${topic}`,
        topics: [topic],
        fromBeginning: true,
        batch: (events) => triggers.takeAll(topic, events),
        paceMs: TRIGGERS_EVERY_MS,
      });
    }
    const deadLetters = new DeadLetters(database, outbox, relay, clock);
    const holds = new LiftHolds(database, commands.pause, clock);
    const children = new ChildRuns(database, advance, startRun, new ReadRuns(database, plans), objects);
    const starts = { startRun, batches, schedules, triggers };
    const versions = { publishWorkflow, drafts, forecastRerun, rehearseStart };
    const shared = {
      advance,
      plans,
      openWork,
      reviews,
      deadLetters,
      holds,
      children,
      ...versions,
      ...starts,
    };
    return {
      module: OrchestratorModule.with(parts, { ...shared, ...commands }),
      background: [
        new SweepRuns({ advance, reviews, schedules, batches, holds, children }, clock, log),
        new DecideRuns(database, plans, advance, expressions, objects, clock, log),
        new ExpandRuns(database, advance, clock, log),
        new ForgetEnded(database, loadConfig(RetentionConfig, env), clock, log, metrics),
        conditions,
      ],
    };
  },
};
