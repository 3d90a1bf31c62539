import { messageParkedV1, uuidFrom, type CloudEvent, type MessageParked } from '@duofactory/contracts';
import type { Message } from './bus.js';
import { readEnvelope, writeHeaders, type Headers } from './envelope.js';
import { codeOf, messageOf } from './failure.js';

const SUFFIX = '.dead-letter';
const LONGEST_HEADER = 1000;
const MOST_HEADERS = 50;
/** Of messages that no announcement of ours can be: not read, of no known type, not of its shape. */
const NEVER_OURS = new Set(['malformed-message', 'unknown-event-type', 'invalid-event']);

/** A message that a group could not handle, as it came, and why. */
export interface DeadLetter {
  /** Derived from group and event (or place in the topic): parking twice is one letter. */
  readonly id: string;
  readonly topic: string;
  readonly group: string;
  /** Where it lay in its topic; a transport without such places gives none. */
  readonly partition?: number;
  readonly offset?: number;
  readonly key: string;
  readonly headers: Headers;
  /** The original bytes. */
  readonly body: Buffer;
  /** The body was larger than can be kept: so many bytes, which lie where the message lay and nowhere else. */
  readonly omittedBytes?: number;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly attempts: number;
  readonly parkedAt: string;
}

/** Where dead letters are kept so that people can list, inspect and redrive them. */
export abstract class DeadLetterStore {
  /** A letter with a known id replaces the earlier one. */
  abstract keep(letter: DeadLetter): Promise<void>;
}

export const deadLetterTopic = (topic: string): string => topic + SUFFIX;
export const isDeadLetterTopic = (topic: string): boolean => topic.endsWith(SUFFIX);

export function deadLetterOf(input: {
  readonly message: Message;
  readonly group: string;
  readonly error: unknown;
  readonly attempts: number;
}): DeadLetter {
  const { message, group, error, attempts } = input;
  return {
    id: uuidFrom('dead-letter', group, message.topic, message.event.source, message.event.id),
    topic: message.topic,
    group,
    key: message.key,
    headers: writeHeaders(message.event),
    body: Buffer.from(JSON.stringify(message.event.data ?? null)),
    errorCode: codeOf(error),
    errorMessage: messageOf(error),
    attempts,
    parkedAt: new Date().toISOString(),
  };
}

/** Its body was too large to be kept, so it cannot be sent again from here. */
export class BodyNotKept extends Error {
  readonly code = 'body-not-kept';
  constructor({ topic, partition, offset, omittedBytes }: DeadLetter) {
    super(
      `Its ${omittedBytes} bytes were too large to be kept: they lie in ${topic}, partition ${partition}, at offset ${offset}`,
    );
    this.name = 'BodyNotKept';
  }
}

/**
 * The parked message as it was, to publish it again. Throws MalformedMessage where the bytes never were an event, and
 * BodyNotKept.
 */
export function redriven(letter: DeadLetter): Message {
  if (letter.omittedBytes !== undefined) throw new BodyNotKept(letter);
  return { topic: letter.topic, key: letter.key, event: readEnvelope(letter.headers, letter.body) };
}

/** What subscribers of a dead-letter topic get, on every transport. */
export function parkedEvent(letter: DeadLetter): CloudEvent<MessageParked> {
  return {
    id: letter.id,
    source: `/duofactory/${letter.group}`,
    type: messageParkedV1.type,
    time: letter.parkedAt,
    data: { ...letter, body: letter.body.toString('base64') },
  };
}

/** The letter that an event tells of. */
export function letterOf({ body, ...letter }: MessageParked): DeadLetter {
  return { ...letter, body: Buffer.from(body, 'base64') };
}

/** A letter that the broker takes whatever came: without the body, and without what is long in key and headers. */
export function withoutBody(letter: DeadLetter): DeadLetter {
  const short = Object.entries(letter.headers).filter(([, value]) => value.length <= LONGEST_HEADER);
  return {
    ...letter,
    key: letter.key.slice(0, LONGEST_HEADER),
    headers: Object.fromEntries(short.slice(0, MOST_HEADERS)),
    body: Buffer.alloc(0),
    omittedBytes: Math.max(1, letter.body.length),
  };
}

/**
 * Tells everybody of letters by the bus: one place lists them all, whichever service parked them, and whoever sent what was
 * parked hears of it. `kept`: where they are kept first, on a bus that keeps nothing itself.
 */
export class AnnouncedDeadLetters extends DeadLetterStore {
  constructor(
    private readonly publish: (messages: readonly Message[]) => Promise<void>,
    private readonly kept?: DeadLetterStore,
  ) {
    super();
  }

  async keep(letter: DeadLetter): Promise<void> {
    await this.kept?.keep(letter);
    // A letter about the announcement of a letter would go round for ever; about what never was one it does not.
    if (letter.topic === messageParkedV1.topic && !NEVER_OURS.has(letter.errorCode)) return;
    await this.publish([{ topic: messageParkedV1.topic, key: letter.id, event: parkedEvent(letter) }]);
  }
}
