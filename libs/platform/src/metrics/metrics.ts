import {
  AggregatorRegistry,
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type MetricObject,
} from 'prom-client';

export type { Counter, Gauge, Histogram } from 'prom-client';

export interface MetricSpec<Label extends string> {
  /** `duofactory_…`, with its unit; a counter ends in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

export interface DescribedMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
}

/** A look at the event loop's delay this often: each costs a wake-up of an idle process. */
const LOOP_PRECISION_MS = 100;

/**
 * What a service, or a process, counts for Prometheus. Turned off, everything may still be counted and nothing is kept
 * or looked at.
 */
export class Metrics {
  static readonly CONTENT_TYPE: string = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly described: DescribedMetric[] = [];
  readonly #registry = new Registry();
  readonly #looks: { part: string; look: () => Promise<void> | void }[] = [];
  readonly #failures: Counter<'part'>;

  constructor(
    readonly on: boolean,
    labels: Readonly<Record<string, string>> = {},
  ) {
    this.#registry.setDefaultLabels(labels);
    this.#failures = this.counter({
      name: 'duofactory_scrape_failures_total',
      help: 'Parts that could not be looked at for a scrape',
      labels: ['part'],
    });
  }

  counter<Label extends string = never>(spec: MetricSpec<Label>): Counter<Label> {
    return new Counter(this.#configurationOf('counter', spec));
  }

  gauge<Label extends string = never>(spec: MetricSpec<Label>): Gauge<Label> {
    return new Gauge(this.#configurationOf('gauge', spec));
  }

  histogram<Label extends string = never>(
    spec: MetricSpec<Label> & { readonly buckets: number[] },
  ): Histogram<Label> {
    return new Histogram({ ...this.#configurationOf('histogram', spec), buckets: spec.buckets });
  }

  /** CPU, memory, event loop and garbage collection of the process. */
  ofProcess(): void {
    if (this.on)
      collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: LOOP_PRECISION_MS });
  }

  /** Sets gauges that cost a question. One that fails leaves them as they were, and the scrape goes on. */
  beforeScrape(part: string, look: () => Promise<void> | void): void {
    this.#looks.push({ part, look });
  }

  async scrape(): Promise<MetricObject[]> {
    await Promise.all(
      this.#looks.map(async ({ part, look }) => {
        try {
          await look();
        } catch {
          this.#failures.inc({ part });
        }
      }),
    );
    return this.#registry.getMetricsAsJSON();
  }

  #configurationOf<Label extends string>(
    type: DescribedMetric['type'],
    { name, help, labels = [] }: MetricSpec<Label>,
  ): { name: string; help: string; labelNames: Label[]; registers: Registry[] } {
    this.described.push({ name, type, labels });
    return { name, help, labelNames: [...labels], registers: this.on ? [this.#registry] : [] };
  }
}

/** Prometheus' text format of several together: equal names are told apart by their labels. */
export async function metricsText(all: readonly Metrics[]): Promise<string> {
  const counted = await Promise.all(all.map((one) => one.scrape()));
  return AggregatorRegistry.aggregate(counted).metrics();
}
