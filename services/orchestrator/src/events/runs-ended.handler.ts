import { Controller } from '@nestjs/common';
import { runCompletedV1, type CloudEvent, type RunCompleted } from '@duofactory/contracts';
import { ConsumesBatch } from '@duofactory/messaging';
import { Batches } from '../app/batches/batches.js';
import { ChildRuns } from '../app/advance/child-runs.js';

/** What follows from the ends of runs: answers for the runs above them, and the next of their batches. */
@Controller()
export class RunsEndedHandler {
  constructor(
    private readonly children: ChildRuns,
    private readonly batches: Batches,
  ) {}

  @ConsumesBatch(runCompletedV1, { fromBeginning: true, paceMs: 20 })
  async ended(events: CloudEvent<RunCompleted>[]): Promise<void> {
    const runs = events.map(({ data }) => data.run);
    await this.children.ended(runs);
    await this.batches.ended(runs);
  }
}
