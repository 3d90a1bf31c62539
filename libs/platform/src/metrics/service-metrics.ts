import type { OutboxRelay } from '@duofactory/messaging';
import type { Clock } from '../clock.js';
import type { Database } from '../database.js';
import type { Metrics } from './metrics.js';

/** What every service counts: its outbox and its connections. */
export function countService(
  metrics: Metrics,
  { relay, database, clock }: { relay: OutboxRelay; database: Database; clock: Clock },
): void {
  const rows = metrics.gauge({
    name: 'duofactory_outbox_rows',
    help: 'Rows of the outbox (a micro-batch of a topic each), counted up to 10,000',
  });
  const age = metrics.gauge({
    name: 'duofactory_outbox_oldest_seconds',
    help: 'Age of the oldest row of the outbox; 0: it is empty',
  });
  const published = metrics.counter({
    name: 'duofactory_outbox_published_total',
    help: 'Messages that were published',
  });
  const failed = metrics.counter({
    name: 'duofactory_outbox_failures_total',
    help: 'Rows that could not be published and are tried again',
  });
  metrics.beforeScrape('outbox', async () => {
    const { counts } = relay;
    published.reset();
    published.inc(counts.published);
    failed.reset();
    failed.inc(counts.failed);
    const depth = await relay.depth();
    rows.set(depth.rows);
    age.set(depth.oldestAt ? Math.max(0, clock.now().getTime() - depth.oldestAt.getTime()) / 1000 : 0);
  });

  const connections = metrics.gauge({
    name: 'duofactory_database_connections',
    help: 'Connections of the pool, by state',
    labels: ['state'],
  });
  const most = metrics.gauge({
    name: 'duofactory_database_connections_max',
    help: 'Most connections that the pool opens (DUOFACTORY_DATABASE_POOL)',
  });
  const waiting = metrics.gauge({
    name: 'duofactory_database_waiting',
    help: 'Pieces of work that wait for a connection',
  });
  metrics.beforeScrape('database', () => {
    const pool = database.connections;
    connections.set({ state: 'used' }, pool.used);
    connections.set({ state: 'idle' }, pool.idle);
    most.set(pool.most);
    waiting.set(pool.waiting);
  });
}
