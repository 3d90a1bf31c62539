import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import type { Span as OtelSpan, SpanContext } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  RandomIdGenerator,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type IdGenerator,
  type Sampler,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import { Tracing, readTraceparent, writeTraceparent, type Span, type SpanStart } from './tracing.js';
import type { TracingConfig } from './tracing-config.js';

const KINDS = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER, internal: SpanKind.INTERNAL };
const CLOSE_WITHIN_MS = 1000;

/** Spans by OpenTelemetry's SDK, in batches, over OTLP. Loaded only where traces are on. */
export class OtelTracing extends Tracing {
  readonly on = true;
  readonly #ids = new ChosenIds();
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;

  constructor(service: string, config: TracingConfig, exporter: SpanExporter) {
    super();
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({
        ...resourceAttributes(process.env['OTEL_RESOURCE_ATTRIBUTES']),
        'service.name': config.serviceName ?? service,
      }),
      sampler: samplerOf(config),
      idGenerator: this.#ids,
      spanProcessors: [
        new BatchSpanProcessor({
          exporter,
          scheduledDelayMillis: config.scheduleDelayMs,
          maxQueueSize: Math.max(config.maxQueueSize, config.maxExportBatchSize),
          maxExportBatchSize: config.maxExportBatchSize,
        }),
      ],
    });
    this.#tracer = this.#provider.getTracer('duofactory');
  }

  span(name: string, { kind = 'internal', parent, links, attributes, identity, startedAt }: SpanStart): Span {
    this.#ids.choose(identity);
    const span = this.#tracer.startSpan(
      name,
      {
        kind: KINDS[kind],
        ...(attributes ? { attributes } : {}),
        ...(startedAt ? { startTime: startedAt } : {}),
        ...(links
          ? { links: links.flatMap((link) => spanContextOf(link) ?? []).map((context) => ({ context })) }
          : {}),
      },
      contextOf(parent),
    );
    return new ToldSpan(span);
  }

  /** A collector that is away keeps no process alive. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_WITHIN_MS)));
    await Promise.race([this.#provider.shutdown().catch(() => undefined), late]);
    clearTimeout(timer);
  }
}

class ToldSpan implements Span {
  readonly traceparent: string;

  constructor(private readonly span: OtelSpan) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.traceparent = writeTraceparent({
      traceId,
      spanId,
      sampled: (traceFlags & TraceFlags.SAMPLED) !== 0,
    });
  }

  set(attributes: Readonly<Record<string, string | number | boolean>>): void {
    this.span.setAttributes(attributes);
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  fail(message: string): void {
    this.span.setStatus({ code: SpanStatusCode.ERROR, message });
  }

  end(at?: Date): void {
    this.span.end(at);
  }
}

/** Random ids, but for the next span where its identity is given. */
class ChosenIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #next: SpanStart['identity'];

  choose(identity: SpanStart['identity']): void {
    this.#next = identity;
  }

  generateTraceId(): string {
    const traceId = this.#next?.traceId ?? this.#random.generateTraceId();
    this.#next = undefined;
    return traceId;
  }

  /** Asked for first, and for every span; the trace's id only where there is no parent. */
  generateSpanId(): string {
    return this.#next?.spanId ?? this.#random.generateSpanId();
  }
}

function contextOf(traceparent: string | undefined): Context {
  const parent = spanContextOf(traceparent);
  return parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

function spanContextOf(traceparent: string | undefined): SpanContext | undefined {
  const read = readTraceparent(traceparent);
  if (!read) return undefined;
  const { traceId, spanId, sampled } = read;
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
}

function samplerOf({ sampler, samplerArgument }: TracingConfig): Sampler {
  const [, byParent, name] = /^(parentbased_)?(\w+)$/.exec(sampler)!;
  const root =
    name === 'always_on'
      ? new AlwaysOnSampler()
      : name === 'always_off'
        ? new AlwaysOffSampler()
        : new TraceIdRatioBasedSampler(samplerArgument);
  return byParent ? new ParentBasedSampler({ root }) : root;
}

/** `name=value,name=value`, as OpenTelemetry writes it. */
function resourceAttributes(text = ''): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split('='));
  return Object.fromEntries(
    pairs.flatMap(([name, value]) =>
      name && value ? [[name.trim(), decodeURIComponent(value.trim())]] : [],
    ),
  );
}
