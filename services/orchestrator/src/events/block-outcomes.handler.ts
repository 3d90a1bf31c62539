import { Controller } from '@nestjs/common';
import {
  blockCompletedV1,
  blockFailedV1,
  type BlockCompleted,
  type BlockFailed,
  type CloudEvent,
} from '@duofactory/contracts';
import { ConsumesBatch } from '@duofactory/messaging';
import { ObjectStore } from '@duofactory/objects';
import { AdvanceRuns } from '../app/advance-runs.js';
import { outcomeOfCompleted, outcomeOfFailed } from '../app/block-outcome.js';

/** Settles what services answered, a micro-batch a transaction. A second delivery is recorded and changes nothing. */
@Controller()
export class BlockOutcomesHandler {
  constructor(
    private readonly advance: AdvanceRuns,
    private readonly objects: ObjectStore,
  ) {}

  @ConsumesBatch([blockCompletedV1, blockFailedV1], { fromBeginning: true })
  async handle(events: CloudEvent[]): Promise<void> {
    const outcomes = events.map(({ type, data }) =>
      type === blockCompletedV1.type
        ? outcomeOfCompleted(data as BlockCompleted, this.objects)
        : Promise.resolve(outcomeOfFailed(data as BlockFailed)),
    );
    const settled = await Promise.all(outcomes);
    await this.advance.settle(
      settled.map((outcome, i) => {
        const { traceparent } = events[i]!;
        return traceparent === undefined ? outcome : { ...outcome, traceparent };
      }),
    );
  }
}
