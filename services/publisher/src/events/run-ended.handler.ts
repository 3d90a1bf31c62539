import { Controller } from '@nestjs/common';
import { runCompletedV1, type CloudEvent, type RunCompleted } from '@duofactory/contracts';
import { ConsumesBatch } from '@duofactory/messaging';
import { RunEndings } from '../app/run-endings.js';

/** Keeps what became of the runs that made episodes. A second delivery changes nothing. */
@Controller()
export class RunEndedHandler {
  constructor(private readonly endings: RunEndings) {}

  @ConsumesBatch(runCompletedV1, { fromBeginning: true })
  async ended(events: CloudEvent<RunCompleted>[]): Promise<void> {
    await this.endings.keep(events.map(({ data: { run, status } }) => ({ run, status })));
  }
}
