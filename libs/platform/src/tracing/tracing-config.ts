import { IsBoolean, IsIn, IsInt, IsNumber, IsOptional, IsUrl, Max, Min } from 'class-validator';
import { FromVariable } from '../configuration.js';

const HTTP = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };
const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
];

/** OpenTelemetry's own variables, as far as they are obeyed. Headers, time-outs and certificates are the exporter's. */
export class TracingConfig {
  @FromVariable('OTEL_SDK_DISABLED')
  @IsBoolean({ message: 'must be true or false' })
  disabled: boolean = false;

  /** `otlp` turns traces on; so does an endpoint. */
  @FromVariable('OTEL_TRACES_EXPORTER')
  @IsOptional()
  @IsIn(['otlp', 'none'], { message: 'must be otlp or none' })
  exporter?: string;

  @FromVariable('OTEL_EXPORTER_OTLP_ENDPOINT')
  @IsOptional()
  @IsUrl(HTTP, { message: 'must be a URL with http or https' })
  endpoint?: string;

  @FromVariable('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT')
  @IsOptional()
  @IsUrl(HTTP, { message: 'must be a URL with http or https' })
  tracesEndpoint?: string;

  @FromVariable('OTEL_EXPORTER_OTLP_PROTOCOL')
  @IsIn(['http/protobuf', 'http/json'], { message: 'must be http/protobuf or http/json' })
  protocol: string = 'http/protobuf';

  /** Default: the service's name; `duofactory` for the host that is one process. */
  @FromVariable('OTEL_SERVICE_NAME')
  @IsOptional()
  serviceName?: string;

  @FromVariable('OTEL_TRACES_SAMPLER')
  @IsIn(SAMPLERS, { message: `must be one of ${SAMPLERS.join(', ')}` })
  sampler: string = 'parentbased_always_on';

  /** Share of runs that are traced, for the samplers by ratio. */
  @FromVariable('OTEL_TRACES_SAMPLER_ARG')
  @IsNumber({}, { message: 'must be a number' })
  @Min(0)
  @Max(1)
  samplerArgument: number = 1;

  @FromVariable('OTEL_BSP_SCHEDULE_DELAY')
  @IsInt({ message: 'must be a whole number of milliseconds' })
  @Min(1)
  scheduleDelayMs: number = 5000;

  /** Spans that wait; more are dropped. */
  @FromVariable('OTEL_BSP_MAX_QUEUE_SIZE')
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  maxQueueSize: number = 8192;

  @FromVariable('OTEL_BSP_MAX_EXPORT_BATCH_SIZE')
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  maxExportBatchSize: number = 512;

  get on(): boolean {
    if (this.disabled || this.exporter === 'none') return false;
    return this.exporter === 'otlp' || (this.endpoint ?? this.tracesEndpoint) !== undefined;
  }
}
