import { Controller } from '@nestjs/common';
import { holdLiftedV1, type CloudEvent, type HoldLifted } from '@duofactory/contracts';
import { Consumes } from '@duofactory/messaging';
import { LiftHolds } from '../app/advance/lift-holds.js';

/** A second delivery finds no run that is held. */
@Controller()
export class HoldLiftedHandler {
  constructor(private readonly holds: LiftHolds) {}

  @Consumes(holdLiftedV1, { fromBeginning: true })
  async handle({ data }: CloudEvent<HoldLifted>): Promise<void> {
    await this.holds.lift(data);
  }
}
