import { Controller } from '@nestjs/common';
import {
  runCompletedV1,
  tasksCancelledV1,
  type BlockRequested,
  type CloudEvent,
  type RunCompleted,
  type TasksCancelled,
} from '@duofactory/contracts';
import { Consumes, ConsumesBatch } from '@duofactory/messaging';
import { ChildRuns } from '../app/child-runs.js';
import { workflowRequestedV1 } from '../app/own-block-types.js';

/** Starts child runs, brings their ends to the runs above, and stops them with those. */
@Controller()
export class ChildRunsHandler {
  constructor(private readonly children: ChildRuns) {}

  @Consumes(workflowRequestedV1, { fromBeginning: true })
  async requested({ data }: CloudEvent<BlockRequested>): Promise<void> {
    await this.children.start(data);
  }

  @ConsumesBatch(runCompletedV1, { fromBeginning: true })
  async ended(events: CloudEvent<RunCompleted>[]): Promise<void> {
    await this.children.ended(events.map(({ data }) => data.run));
  }

  @Consumes(tasksCancelledV1, { fromBeginning: true })
  async stopped({ data }: CloudEvent<TasksCancelled>): Promise<void> {
    await this.children.stopped(data.run);
  }
}
