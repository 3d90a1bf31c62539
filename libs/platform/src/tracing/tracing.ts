import { AsyncLocalStorage } from 'node:async_hooks';

export interface SpanStart {
  readonly kind?: 'server' | 'consumer' | 'internal';
  /** W3C `traceparent` of what caused it. */
  readonly parent?: string | undefined;
  /** `traceparent`s of what else it follows from. */
  readonly links?: readonly string[];
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  /** For a span whose identity is known before it begins and after its process has ended. */
  readonly identity?: { readonly traceId: string; readonly spanId: string };
  /** Default: now. */
  readonly startedAt?: Date;
}

export interface Span {
  /** What goes on from here carries it; undefined: nobody traces this. */
  readonly traceparent: string | undefined;
  set(attributes: Readonly<Record<string, string | number | boolean>>): void;
  rename(name: string): void;
  fail(message: string): void;
  /** A span that is not ended is never told. */
  end(at?: Date): void;
}

/** Where spans go. Turned off, the context that a caller sent still travels on with its work. */
export abstract class Tracing {
  abstract readonly on: boolean;
  abstract span(name: string, start: SpanStart): Span;
  /** Sends what is not sent yet, for a bounded time. */
  abstract close(): Promise<void>;
}

export class NoTracing extends Tracing {
  readonly on = false;

  span(_name: string, { parent }: SpanStart): Span {
    return new Untold(parent);
  }

  async close(): Promise<void> {}
}

class Untold implements Span {
  constructor(readonly traceparent: string | undefined) {}
  set(): void {}
  rename(): void {}
  fail(): void {}
  end(): void {}
}

const active = new AsyncLocalStorage<string | undefined>();

/** Of the work that this code is part of. */
export function activeTraceparent(): string | undefined {
  return active.getStore();
}

/** Whatever `work` emits or asks for belongs to the trace. */
export function withTraceparent<T>(traceparent: string | undefined, work: () => T): T {
  return traceparent === active.getStore() ? work() : active.run(traceparent, work);
}

/** For requests to other services. */
export function traceHeaders(): Record<string, string> {
  const traceparent = activeTraceparent();
  return traceparent === undefined ? {} : { traceparent };
}

export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NOTHING = /^0+$/;

/** Undefined: it is none, and whoever sent it is not followed. https://www.w3.org/TR/trace-context/ */
export function readTraceparent(text: string | undefined): TraceContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text ?? '') ?? [];
  if (traceId === undefined || NOTHING.test(traceId) || NOTHING.test(spanId!)) return undefined;
  return { traceId, spanId: spanId!, sampled: (Number.parseInt(flags!, 16) & 1) === 1 };
}

export function writeTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}
