import { NoTracing, type Tracing } from './tracing.js';
import type { TracingConfig } from './tracing-config.js';

/** Traces as OpenTelemetry's variables say; nothing of OpenTelemetry is loaded where they are off. */
export async function openTracing(service: string, config: TracingConfig): Promise<Tracing> {
  if (!config.on) return new NoTracing();
  const { OTLPTraceExporter } =
    config.protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  const { OtelTracing } = await import('./otel-tracing.js');
  return new OtelTracing(service, config, new OTLPTraceExporter());
}
