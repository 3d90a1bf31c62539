import { Controller } from '@nestjs/common';
import { messageParkedV1, type CloudEvent, type MessageParked } from '@duofactory/contracts';
import { Consumes, letterOf } from '@duofactory/messaging';
import { DeadLetters } from '../app/dead-letters.js';

/** Keeps what any service parked, so that one place lists it all. */
@Controller()
export class MessageParkedHandler {
  constructor(private readonly deadLetters: DeadLetters) {}

  @Consumes(messageParkedV1, { fromBeginning: true })
  async handle({ data }: CloudEvent<MessageParked>): Promise<void> {
    await this.deadLetters.keep(letterOf(data));
  }
}
