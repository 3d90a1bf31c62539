import { Compile } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';
import type { CloudEvent, EventContract } from '@duofactory/contracts';

/** The data is not what the event's contract says: no retry can help. */
export class InvalidEvent extends Error {
  readonly code = 'invalid-event';
  readonly terminal = true;
  constructor(event: CloudEvent, reason: string) {
    super(`Event ${event.id} of type ${event.type} does not fit its contract: ${reason}.`);
    this.name = 'InvalidEvent';
  }
}

export class UnknownEventType extends Error {
  readonly code = 'unknown-event-type';
  readonly terminal = true;
  constructor(event: CloudEvent, topic: string) {
    super(`Event ${event.id} on ${topic} has the type ${event.type}, which no contract of this topic knows.`);
    this.name = 'UnknownEventType';
  }
}

export type EventCheck = (event: CloudEvent) => void;

/** Throws InvalidEvent. Compiled once a contract. */
export function checkOf(contract: EventContract): EventCheck {
  const validator = Compile(contract.schema);
  return (event) => {
    if (validator.Check(event.data)) return;
    const [first] = validator.Errors(event.data);
    throw new InvalidEvent(event, first ? faultOf(first) : 'no reason given');
  };
}

function faultOf({ instancePath, message, keyword, params }: TLocalizedValidationError): string {
  const told = keyword === 'const' ? `must be ${JSON.stringify(params.allowedValue)}` : message;
  return `${instancePath || 'data'} ${told}`;
}
