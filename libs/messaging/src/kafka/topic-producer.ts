import type { Message as KafkaMessage, Producer } from 'kafkajs';
import type { Message } from '../bus.js';
import { writeHeaders } from '../envelope.js';
import { KafkaJSProtocolError } from './lean-kafkajs.js';

interface Waiting {
  readonly messages: readonly KafkaMessage[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const MOST_MESSAGES = 1000;
/** Characters, of up to three bytes each: below the broker's default limit of 1 MB for a batch. */
const MOST_CHARACTERS = 300_000;

/**
 * Sends to one topic, one request in flight at a time: what comes meanwhile goes with the next one. So the order of
 * publishing is kept, and requests grow with the load.
 */
export class TopicProducer {
  readonly #producer: Producer;
  readonly #topic: string;
  #waiting: Waiting[] = [];
  #sending = false;

  constructor(producer: Producer, topic: string) {
    this.#producer = producer;
    this.#topic = topic;
  }

  send(messages: readonly KafkaMessage[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ messages, resolve, reject });
      if (!this.#sending) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#sending = true;
    // Whatever is published in the same turn of the event loop shares the first request.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#sendTogether(this.#takeSome());
    this.#sending = false;
  }

  #takeSome(): Waiting[] {
    let count = 0;
    let messages = 0;
    let characters = 0;
    for (const waiting of this.#waiting) {
      messages += waiting.messages.length;
      for (const { value } of waiting.messages) characters += value?.length ?? 0;
      if (count > 0 && (messages > MOST_MESSAGES || characters > MOST_CHARACTERS)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #sendTogether(together: Waiting[]): Promise<void> {
    try {
      await this.#request(together.flatMap(({ messages }) => messages));
      for (const { resolve } of together) resolve();
    } catch (error) {
      // One that the broker refuses must not take the others with it; where the broker is away, they share that.
      if (together.length > 1 && isRefused(error)) {
        for (const alone of together) await this.#sendTogether([alone]);
        return;
      }
      for (const { reject } of together) reject(error);
    }
  }

  async #request(messages: KafkaMessage[]): Promise<void> {
    for (const some of chunks(messages)) {
      await this.#producer.send({ topic: this.#topic, messages: some, acks: -1 });
    }
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof KafkaJSProtocolError && !error.retriable;
}

export function kafkaMessageOf({ key, event, body }: Message): KafkaMessage {
  return { key, value: body ?? JSON.stringify(event.data ?? null), headers: writeHeaders(event) };
}

function chunks(messages: KafkaMessage[]): KafkaMessage[][] {
  const result: KafkaMessage[][] = [];
  let current: KafkaMessage[] = [];
  let characters = 0;
  for (const message of messages) {
    const size = message.value?.length ?? 0;
    if (current.length > 0 && (current.length >= MOST_MESSAGES || characters + size > MOST_CHARACTERS)) {
      result.push(current);
      current = [];
      characters = 0;
    }
    current.push(message);
    characters += size;
  }
  if (current.length > 0) result.push(current);
  return result;
}
