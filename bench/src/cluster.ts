import { KafkaBus, type Bus } from '@duofactory/messaging';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { freePorts } from '@duofactory/testing/network';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { countEnds, requestRuns, untilServing, type System } from './system.js';

const SCRIPTS = {
  orchestrator: '../../services/orchestrator/dist/main.js',
  noop: 'noop-main.js',
  slow: 'slow-main.js',
};

export interface Member {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** Resolves when it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Processes that come and go over one Kafka and one database. */
export class Cluster implements System {
  readonly #members = new Set<Member>();
  readonly #bus: Bus;
  #ended!: Pick<System, 'untilEnded'>;

  private constructor(
    readonly databaseUrl: string,
    private readonly brokers: readonly string[],
    private readonly folder: string,
  ) {
    this.#bus = new KafkaBus({ brokers: [...brokers], clientId: 'bench' });
  }

  static async open(of: {
    databaseUrl: string;
    brokers: readonly string[];
    folder: string;
    members: readonly (keyof typeof SCRIPTS)[];
  }): Promise<Cluster> {
    const cluster = new Cluster(of.databaseUrl, of.brokers, of.folder);
    // The first one makes the topics that the others listen to.
    for (const name of of.members) await cluster.start(name);
    cluster.#ended = await countEnds(cluster.#bus);
    await cluster.#bus.start();
    return cluster;
  }

  get url(): string {
    return this.named('orchestrator').url;
  }

  get processes(): readonly { name: string; pid: number }[] {
    return [...this.#members];
  }

  /** Ready to serve when it resolves. */
  async start(name: keyof typeof SCRIPTS): Promise<Member> {
    const [port] = (await freePorts(1)) as [number];
    const url = `http://127.0.0.1:${port}`;
    const { orchestrator } = Object.fromEntries([...this.#members].map((one) => [one.name, one.url]));
    const child = spawn(
      process.execPath,
      ['--max-semi-space-size=16', fileURLToPath(new URL(SCRIPTS[name], import.meta.url))],
      {
        env: {
          ...process.env,
          DUOFACTORY_BUS: 'kafka',
          DUOFACTORY_KAFKA_BROKERS: this.brokers.join(','),
          DUOFACTORY_DATABASE_URL: this.databaseUrl,
          DUOFACTORY_DATA_DIR: this.folder,
          DUOFACTORY_LOG_LEVEL: 'error',
          DUOFACTORY_HTTP_PORT: String(port),
          DUOFACTORY_ORCHESTRATOR_URL: orchestrator ?? url,
        },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    const member: Member = {
      name,
      url,
      pid: child.pid!,
      stop: async (signal = 'SIGTERM') => {
        this.#members.delete(member);
        await ended(child, signal);
      },
    };
    this.#members.add(member);
    await untilServing(port);
    return member;
  }

  requestRuns(workflow: string, ids: readonly string[]): Promise<void> {
    return requestRuns(this.#bus, workflow, ids);
  }

  untilEnded(count: number): Promise<void> {
    return this.#ended.untilEnded(count);
  }

  query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return query<Row>(this.databaseUrl, text, values);
  }

  async stop(): Promise<void> {
    await this.#bus.drain();
    await this.#bus.stop();
    await Promise.all([...this.#members].map((member) => member.stop()));
  }

  named(name: string): Member {
    return [...this.#members].find((one) => one.name === name)!;
  }
}

/** Rows of a query of the orchestrator's schema. */
export async function query<Row>(databaseUrl: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c search_path=orchestrator' });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Row[];
  } finally {
    await client.end();
  }
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}
