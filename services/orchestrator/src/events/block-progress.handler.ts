import { Controller } from '@nestjs/common';
import { blockProgressV1, type BlockProgress, type CloudEvent } from '@duofactory/contracts';
import { ConsumesBatch } from '@duofactory/messaging';
import { AdvanceRuns } from '../app/advance/advance-runs.js';
import { workOf } from '../app/advance/block-outcome.js';

/** Attempts that give signs of life are not lost. One that is missed is made up for by the next. */
@Controller()
export class BlockProgressHandler {
  constructor(private readonly advance: AdvanceRuns) {}

  @ConsumesBatch([blockProgressV1])
  async handle(events: CloudEvent[]): Promise<void> {
    const signs = events.map(({ data }) => {
      const { run, task, attempt, ...rest } = data as BlockProgress;
      return { run, task, attempt, ...workOf(rest) };
    });
    await this.advance.step((step) => step.alive(signs));
  }
}
