import type { KafkaBroker } from '@duofactory/testing/kafka';
import { TcpProxy } from '@duofactory/testing/network';
import { join, resolve } from 'node:path';
import { NodeProcess } from './node-process.js';
import { Vendor } from './vendor.js';

export interface ClusterOptions {
  /** An empty database, as the checker reaches it. */
  readonly databaseUrl: string;
  /** With a proxy for each process. */
  readonly broker: KafkaBroker;
  /** For logs and data. */
  readonly folder: string;
  readonly sessionMs: number;
}

const ROOT = resolve(import.meta.dirname, '../..');
const PROCESSES = [
  ['orchestrator-1', 'services/orchestrator/dist/main.js'],
  ['orchestrator-2', 'services/orchestrator/dist/main.js'],
  ['worker-1', 'soak/dist/worker-main.js'],
  ['worker-2', 'soak/dist/worker-main.js'],
] as const;
/** Proxies that the broker must have. */
export const WAYS = PROCESSES.length;

/** Two orchestrators and two workers, each a process with wires of its own, and the outside world beside them. */
export class Cluster {
  private constructor(
    readonly nodes: readonly NodeProcess[],
    readonly vendor: Vendor,
    /** Where an orchestrator answers that is up. */
    readonly frontUrl: string,
    private readonly close: () => Promise<void>,
  ) {}

  static async open({ databaseUrl, broker, folder, sessionMs }: ClusterOptions): Promise<Cluster> {
    const vendor = await Vendor.open();
    const front = await TcpProxy.open();
    const frontUrl = `http://127.0.0.1:${front.port}`;
    const { hostname: host, port } = new URL(databaseUrl);
    const databases = await Promise.all(PROCESSES.map(() => TcpProxy.open({ host, port: Number(port) })));
    const addresses = new Map<string, { host: string; port: number }>();
    const nodes = PROCESSES.map(([name, script], i) => {
      const database = databases[i]!;
      const wire = broker.proxies[i]!;
      // So that the server tells whose a connection is.
      const url = new URL(database.through(databaseUrl));
      url.searchParams.set('application_name', name);
      return new NodeProcess({
        ...{ name, database, broker: wire },
        script: join(ROOT, script),
        logFile: join(folder, `${name}.log`),
        env: {
          DUOFACTORY_BUS: 'kafka',
          DUOFACTORY_KAFKA_BROKERS: `127.0.0.1:${wire.port}`,
          DUOFACTORY_KAFKA_PARTITIONS: '4',
          DUOFACTORY_KAFKA_SESSION_MS: String(sessionMs),
          DUOFACTORY_DATABASE_URL: url.href,
          DUOFACTORY_DATA_DIR: join(folder, 'data'),
          DUOFACTORY_HTTP_PORT: '0',
          DUOFACTORY_LOG_LEVEL: 'info',
          DUOFACTORY_ORCHESTRATOR_URL: frontUrl,
          SOAK_VENDOR: vendor.url,
        },
        ...(name.startsWith('orchestrator') && {
          onAddress: (address) => {
            if (address) addresses.set(name, address);
            else addresses.delete(name);
            front.to([...addresses.values()].at(-1));
          },
        }),
      });
    });
    return new Cluster(nodes, vendor, frontUrl, async () => {
      for (const proxy of [...databases, ...broker.proxies]) proxy.mend();
      await Promise.all(nodes.map((node) => node.stop()));
      await Promise.all([front.close(), ...databases.map((proxy) => proxy.close()), vendor.close()]);
    });
  }

  async start(): Promise<void> {
    for (const node of this.nodes) node.start();
    await this.untilReady();
  }

  async untilReady(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.untilReady()));
  }

  stop(): Promise<void> {
    return this.close();
  }
}
