import { Controller } from '@nestjs/common';
import { effectsReusedV1, type CloudEvent, type EffectsReused } from '@duofactory/contracts';
import { ConsumesBatch } from '@duofactory/messaging';
import { CountReuses } from '../app/count-reuses.js';

/** Counts as saved what other services used again. A second delivery changes nothing. */
@Controller()
export class EffectsReusedHandler {
  constructor(private readonly reuses: CountReuses) {}

  @ConsumesBatch(effectsReusedV1, { fromBeginning: true })
  async counted(events: CloudEvent<EffectsReused>[]): Promise<void> {
    await this.reuses.execute(events.map(({ data }) => data));
  }
}
