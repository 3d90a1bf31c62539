import type { Bus } from '@duofactory/messaging';
import { Metrics } from './metrics.js';

/** A group that only this instance is in bears a random id. */
const INSTANCE = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What belongs to a process and not to one of its services: Node, and the groups of its bus. */
export function processMetrics(
  bus: Bus,
  { on, labels = {} }: { on: boolean; labels?: Readonly<Record<string, string>> },
): Metrics {
  const metrics = new Metrics(on, labels);
  metrics.ofProcess();
  const of = ['group', 'topic'] as const;
  const lag = metrics.gauge({
    name: 'duofactory_consumer_lag_messages',
    help: 'Messages published and not handled, of the partitions of this process',
    labels: of,
  });
  const age = metrics.gauge({
    name: 'duofactory_consumer_oldest_seconds',
    help: 'Age of the oldest message that this process has read and not handled; 0: none',
    labels: of,
  });
  const handled = metrics.counter({
    name: 'duofactory_consumer_handled_total',
    help: 'Messages that were handled, parked ones included',
    labels: of,
  });
  const retried = metrics.counter({
    name: 'duofactory_consumer_retries_total',
    help: 'Failures of handlers that are tried again',
    labels: of,
  });
  const parked = metrics.counter({
    name: 'duofactory_dead_letters_total',
    help: 'Messages that were parked',
    labels: of,
  });
  metrics.beforeScrape('bus', async () => {
    const figures = await bus.figures();
    const now = Date.now();
    for (const one of [lag, age, handled, retried, parked]) one.reset();
    for (const figure of figures) {
      const labels = { group: figure.group.replace(INSTANCE, ''), topic: figure.topic };
      lag.inc(labels, figure.lag);
      age.inc(labels, Math.max(0, now - (figure.oldestAtMs ?? now)) / 1000);
      handled.inc(labels, figure.handled);
      retried.inc(labels, figure.retried);
      parked.inc(labels, figure.parked);
    }
  });
  return metrics;
}
