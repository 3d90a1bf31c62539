import type { CloudEvent } from '@duofactory/contracts';
import type { Message } from '../bus.js';
import { murmur2Of } from '../murmur2.js';
import type { OpenTally } from '../work/tally.js';
import { Parcel } from '../work/worker.js';
import type { Ticket } from './ticket.js';

export class LocalParcel extends Parcel {
  readonly message: Message;
  readonly tally: OpenTally;
  readonly ticket: Ticket | undefined;

  constructor(message: Message, tally: OpenTally, ticket?: Ticket) {
    super();
    this.message = message;
    this.tally = tally;
    this.ticket = ticket;
    tally.took(this);
  }

  get event(): CloudEvent {
    return this.message.event;
  }

  get lane(): number {
    return murmur2Of(this.message.key);
  }

  acknowledge(): void {
    this.tally.acknowledged(this);
    this.ticket?.acknowledge();
  }
}
