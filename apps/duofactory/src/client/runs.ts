import { EventSourceParserStream } from 'eventsource-parser/stream';
import { setTimeout as pause } from 'node:timers/promises';
import { ServerAway, type Api } from './api.js';

export interface BlockCounts {
  readonly block: string;
  readonly type?: string;
  readonly tasks: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly closed: boolean;
  readonly cost: number;
  readonly unpriced: number;
}

export interface Run {
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  /** false: of a draft as it was then. */
  readonly published: boolean;
  readonly status: string;
  /** It goes on, and a review of it waits for a person. */
  readonly awaitsReview: boolean;
  readonly reason: string | null;
  readonly inputs: Record<string, unknown>;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly blocks: readonly BlockCounts[];
}

export interface RunUpdate {
  readonly status: string;
  readonly reason: string | null;
  readonly ended: boolean;
  readonly blocks: readonly BlockCounts[];
}

export const ENDED = new Set(['completed', 'partial', 'failed', 'cancelled']);

const RECONNECT_MS = 500;
const MOST_RECONNECTS = 120;

/** Updates of a run until it ends. A cut stream goes on where it was. */
export async function* followRun(api: Api, run: string): AsyncGenerator<RunUpdate> {
  let lastId: string | undefined;
  for (let failures = 0; ;) {
    try {
      const stream = await api.stream(
        `/api/runs/${run}/events`,
        lastId === undefined ? {} : { 'last-event-id': lastId },
      );
      const events = stream
        .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
        .pipeThrough(new EventSourceParserStream());
      for await (const event of events) {
        failures = 0;
        lastId = event.id ?? lastId;
        const update = JSON.parse(event.data) as RunUpdate;
        yield update;
        if (update.ended) return;
      }
    } catch (error) {
      if (!(error instanceof ServerAway || error instanceof TypeError) || failures >= MOST_RECONNECTS)
        throw error;
    }
    failures += 1;
    await pause(RECONNECT_MS);
  }
}
