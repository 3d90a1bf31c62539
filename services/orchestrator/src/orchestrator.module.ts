import { Module, type DynamicModule } from '@nestjs/common';
import { blockRequestedTopic } from '@duofactory/contracts';
import { Expressions } from '@duofactory/expressions';
import { Clock, Database, type ServiceDefinition, type ServiceParts } from '@duofactory/platform';
import { AdvanceRuns } from './app/advance-runs.js';
import { ChildRuns } from './app/child-runs.js';
import { CancelRun } from './app/cancel-run.js';
import { DecideRuns } from './app/decide-runs.js';
import { FollowRuns } from './app/follow-runs.js';
import { Plans } from './app/plans.js';
import { PublishWorkflow } from './app/publish-workflow.js';
import { References } from './app/references.js';
import { OWN_BLOCK_TYPES } from './app/own-block-types.js';
import { ReadPayloads } from './app/read-payloads.js';
import { ReadProvenance } from './app/read-provenance.js';
import { RecordScenario } from './app/record-scenario.js';
import { ReadRuns } from './app/read-runs.js';
import { ReadWorkflows } from './app/read-workflows.js';
import { PauseRun } from './app/pause-run.js';
import { RerunRun } from './app/rerun-run.js';
import { RetryRun } from './app/retry-run.js';
import { Reviews } from './app/reviews.js';
import { StartRun } from './app/start-run.js';
import { SweepRuns } from './app/sweep-runs.js';
import { BlockOutcomesHandler } from './events/block-outcomes.handler.js';
import { BlockProgressHandler } from './events/block-progress.handler.js';
import { BlockTypeRegisteredHandler } from './events/block-type-registered.handler.js';
import { ChildRunsHandler } from './events/child-runs.handler.js';
import { ReferencePublishedHandler } from './events/reference-published.handler.js';
import { ReviewsHandler } from './events/reviews.handler.js';
import { RunRequestedHandler } from './events/run-requested.handler.js';
import { BlockTypesController } from './http/block-types.controller.js';
import { ReviewsController } from './http/reviews.controller.js';
import { RerunsController } from './http/reruns.controller.js';
import { RunsController } from './http/runs.controller.js';
import { TasksController } from './http/tasks.controller.js';
import { WorkflowsController } from './http/workflows.controller.js';
import { Runs1764000000000 } from './store/migrations/1764000000000-runs.js';
import { ChildrenAndReviews1764000002000 } from './store/migrations/1764000002000-children-and-reviews.js';
import { registerBlockType } from './store/block-types.js';
import { Decisions1764000001000 } from './store/migrations/1764000001000-decisions.js';

/** Workflows, runs and the persisted state machine, over REST and events. */
@Module({})
export class OrchestratorModule {
  static with(
    { database, clock }: ServiceParts,
    { advance, plans, reviews }: { advance: AdvanceRuns; plans: Plans; reviews: Reviews },
  ): DynamicModule {
    const references = new References();
    const startRun = new StartRun(advance, references, plans);
    const readRuns = new ReadRuns(database, plans);
    return {
      module: OrchestratorModule,
      controllers: [
        RunsController,
        RerunsController,
        ReviewsController,
        TasksController,
        WorkflowsController,
        BlockTypesController,
        BlockOutcomesHandler,
        BlockProgressHandler,
        ChildRunsHandler,
        ReviewsHandler,
        BlockTypeRegisteredHandler,
        ReferencePublishedHandler,
        RunRequestedHandler,
      ],
      providers: [
        { provide: Database, useValue: database },
        { provide: Clock, useValue: clock },
        { provide: AdvanceRuns, useValue: advance },
        { provide: FollowRuns, useValue: new FollowRuns(database, clock) },
        { provide: StartRun, useValue: startRun },
        { provide: ChildRuns, useValue: new ChildRuns(database, advance, startRun, readRuns) },
        { provide: Reviews, useValue: reviews },
        { provide: PauseRun, useValue: new PauseRun(advance) },
        { provide: RerunRun, useValue: new RerunRun(database, advance, references, plans) },
        { provide: RetryRun, useValue: new RetryRun(advance) },
        { provide: CancelRun, useValue: new CancelRun(advance) },
        { provide: PublishWorkflow, useValue: new PublishWorkflow(database, references, clock) },
        { provide: ReadWorkflows, useValue: new ReadWorkflows(database) },
        { provide: ReadRuns, useValue: readRuns },
        { provide: ReadProvenance, useValue: new ReadProvenance(database, plans) },
        { provide: RecordScenario, useValue: new RecordScenario(database, plans) },
        { provide: ReadPayloads, useValue: new ReadPayloads(database, plans) },
      ],
    };
  }
}

export const ORCHESTRATOR_MIGRATIONS = [
  Runs1764000000000,
  Decisions1764000001000,
  ChildrenAndReviews1764000002000,
];

export const orchestratorService: ServiceDefinition = {
  name: 'orchestrator',
  schema: 'orchestrator',
  resources: ['workflows', 'runs', 'tasks', 'block-types', 'reviews'],
  migrations: ORCHESTRATOR_MIGRATIONS,
  async create(parts) {
    const plans = new Plans();
    const { database, outbox, relay, bus, objects, clock, log } = parts;
    const advance = new AdvanceRuns(database, plans, outbox, relay, clock);
    const reviews = new Reviews(database, advance, clock);
    await bus.ensureTopics(OWN_BLOCK_TYPES.map(({ type }) => ({ name: blockRequestedTopic(type) })));
    for (const manifest of OWN_BLOCK_TYPES)
      await registerBlockType(database, { service: 'orchestrator', manifest, now: clock.now() });
    return {
      module: OrchestratorModule.with(parts, { advance, plans, reviews }),
      background: [
        new SweepRuns(advance, reviews, clock, log),
        new DecideRuns(database, plans, advance, new Expressions(), objects, clock, log),
      ],
    };
  },
};
