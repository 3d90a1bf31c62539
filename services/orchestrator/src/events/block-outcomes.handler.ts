import { Controller } from '@nestjs/common';
import {
  blockCompletedV1,
  blockFailedV1,
  type BlockCompleted,
  type BlockFailed,
  type CloudEvent,
} from '@duofactory/contracts';
import { ConsumesBatch } from '@duofactory/messaging';
import { AdvanceRuns } from '../app/advance-runs.js';
import { outcomeOfCompleted, outcomeOfFailed } from '../app/block-outcome.js';

/** Settles what services answered, a micro-batch a transaction. A second delivery is recorded and changes nothing. */
@Controller()
export class BlockOutcomesHandler {
  constructor(private readonly advance: AdvanceRuns) {}

  @ConsumesBatch([blockCompletedV1, blockFailedV1], { fromBeginning: true })
  async handle(events: CloudEvent[]): Promise<void> {
    await this.advance.settle(
      events.map(({ type, data }) =>
        type === blockCompletedV1.type
          ? outcomeOfCompleted(data as BlockCompleted)
          : outcomeOfFailed(data as BlockFailed),
      ),
    );
  }
}
