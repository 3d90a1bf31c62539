import { Controller } from '@nestjs/common';
import {
  tasksCancelledV1,
  type BlockRequested,
  type CloudEvent,
  type TasksCancelled,
} from '@duofactory/contracts';
import { Consumes } from '@duofactory/messaging';
import { ChildRuns } from '../app/advance/child-runs.js';
import { workflowRequestedV1 } from '../app/workflows/own-block-types.js';

/** Starts child runs, and stops them with the runs above. */
@Controller()
export class ChildRunsHandler {
  constructor(private readonly children: ChildRuns) {}

  @Consumes(workflowRequestedV1, { fromBeginning: true })
  async requested({ data, traceparent }: CloudEvent<BlockRequested>): Promise<void> {
    await this.children.start(data, traceparent);
  }

  @Consumes(tasksCancelledV1, { fromBeginning: true })
  async stopped({ data }: CloudEvent<TasksCancelled>): Promise<void> {
    await this.children.stopped(data.run);
  }
}
