import { Controller } from '@nestjs/common';
import { blockProgressV1, type BlockProgress, type CloudEvent } from '@duofactory/contracts';
import { ConsumesBatch } from '@duofactory/messaging';
import { AdvanceRuns } from '../app/advance-runs.js';

/** Attempts that give signs of life are not lost. One that is missed is made up for by the next. */
@Controller()
export class BlockProgressHandler {
  constructor(private readonly advance: AdvanceRuns) {}

  @ConsumesBatch([blockProgressV1])
  async handle(events: CloudEvent[]): Promise<void> {
    await this.advance.step((step) => step.alive(events.map(({ data }) => data as BlockProgress)));
  }
}
