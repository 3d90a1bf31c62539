import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startKafkaContainer } from './kafka-container.js';
import { freePorts } from '../network/free-ports.js';
import { TcpProxy } from '../network/tcp-proxy.js';
import { kafkaJars, KafkaUnavailable } from './kafka-jars.js';

export interface KafkaBroker {
  readonly brokers: string[];
  /** Whoever comes by one of them is led by it to the broker for ever after: it has its own advertised address. */
  readonly proxies: readonly TcpProxy[];
  stop(): Promise<void>;
  /** Stops and starts the broker on the same port and data; `hard`: kill -9. Does nothing to brokers that were given. */
  restart(how?: { hard?: boolean }): Promise<void>;
}

const JAVA = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'];
const START_WITHIN_MS = 180_000;
const LAUNCHES = 20;

interface KafkaOptions {
  /** How many ways to the broker can be cut, each for itself. Only a broker that is started here has any. */
  readonly proxies?: number;
}

/** Where one node listens, and by which proxies it can be reached. */
interface Node {
  readonly port: number;
  readonly controllerPort: number;
  readonly ways: readonly { readonly port: number; readonly proxy: TcpProxy }[];
  readonly data: string;
}

/**
 * A real Kafka for tests: the brokers in `DUOFACTORY_TEST_KAFKA`, else one KRaft node of its own on 127.0.0.1, with
 * jars fetched by Maven, else one in a container. Throws KafkaUnavailable.
 */
export async function startKafka({ proxies: count = 0 }: KafkaOptions = {}): Promise<KafkaBroker> {
  const given = count > 0 ? undefined : process.env['DUOFACTORY_TEST_KAFKA'];
  if (given) {
    return {
      brokers: given.split(','),
      proxies: [],
      stop: () => Promise.resolve(),
      restart: () => Promise.resolve(),
    };
  }

  const [port, controllerPort, ...proxied] = await freePorts(2 + count);
  const jars = await kafkaJars().catch((error: unknown) => error as Error);
  if (jars instanceof Error) {
    const container =
      jars instanceof KafkaUnavailable && count === 0 ? await startKafkaContainer(port!) : undefined;
    if (container) return container;
    throw jars;
  }
  const proxies = await Promise.all(proxied.map((way) => TcpProxy.open({ host: '127.0.0.1', port: way })));
  const ways = proxied.map((way, i) => ({ port: way, proxy: proxies[i]! }));
  const classPath = join(jars, '*');
  const folder = await mkdtemp(join(tmpdir(), 'duofactory-kafka-'));
  const properties = join(folder, 'server.properties');
  await writeFile(
    properties,
    propertiesOf({ port: port!, controllerPort: controllerPort!, ways, data: join(folder, 'data') }),
  );
  await promisify(execFile)('java', [
    ...JAVA,
    '-cp',
    classPath,
    'kafka.tools.StorageTool',
    'format',
    '--standalone',
    '-t',
    'ZHVvZmFjdG9yeS10ZXN0cw',
    '-c',
    properties,
  ]);

  let process_ = await launch(classPath, properties, port!);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (process_.exitCode !== null || process_.signalCode !== null) return;
    const ended = once(process_, 'exit');
    process_.kill(signal);
    await ended;
  };
  // The broker must not outlive a test run that ends in the middle.
  const killAtExit = (): void => void process_.kill('SIGKILL');
  process.once('exit', killAtExit);
  return {
    brokers: [`127.0.0.1:${port}`],
    proxies,
    stop: async () => {
      // Its data is thrown away: no reason to wait for an orderly end.
      await end('SIGKILL');
      process.removeListener('exit', killAtExit);
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await rm(folder, { recursive: true, force: true });
    },
    restart: async ({ hard = false } = {}) => {
      await end(hard ? 'SIGKILL' : 'SIGTERM');
      process_ = await launch(classPath, properties, port!);
    },
  };
}

/** As `startKafka`; where no broker can be had, prints one line that says why and gives undefined. */
export async function kafkaIfAvailable(options: KafkaOptions = {}): Promise<KafkaBroker | undefined> {
  try {
    return await startKafka(options);
  } catch (error) {
    if (!(error instanceof KafkaUnavailable)) throw error;
    process.stderr.write(
      `Tests on Kafka are skipped: ${error.message}. Set DUOFACTORY_TEST_KAFKA to use a broker.\n`,
    );
    return undefined;
  }
}

/** Its port was let go before, and while it was down: where somebody else has it for a moment, it tries again. */
async function launch(classPath: string, properties: string, port: number): Promise<ChildProcess> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await launchOnce(classPath, properties, port);
    } catch (error) {
      if (tries === LAUNCHES || !/in use|BindException/.test((error as Error).message)) throw error;
      await delay(250 * tries);
    }
  }
}

async function launchOnce(classPath: string, properties: string, port: number): Promise<ChildProcess> {
  const broker = spawn('java', [...JAVA, '-cp', classPath, 'kafka.Kafka', properties], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  broker.stderr.on('data', (data: Buffer) => (complaints = (complaints + data.toString()).slice(-4000)));
  const deadline = Date.now() + START_WITHIN_MS;
  while (!(await accepts(port))) {
    if (broker.exitCode !== null) throw new Error(`Kafka ended with ${broker.exitCode}: ${complaints}`);
    if (Date.now() > deadline) {
      broker.kill('SIGKILL');
      throw new Error(`Kafka did not start within ${START_WITHIN_MS} ms: ${complaints}`);
    }
    await delay(50);
  }
  return broker;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function propertiesOf({ port, controllerPort, ways, data }: Node): string {
  const listeners = [
    ['PLAINTEXT', port, port],
    ...ways.map((way, i) => [`WAY${i}`, way.port, way.proxy.port] as const),
    ['CONTROLLER', controllerPort, controllerPort],
  ] as const;
  const at = (which: 1 | 2): string =>
    listeners.map((one) => `${one[0]}://127.0.0.1:${one[which]}`).join(',');
  return `process.roles=broker,controller
node.id=1
listeners=${at(1)}
advertised.listeners=${at(2)}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
controller.quorum.bootstrap.servers=127.0.0.1:${controllerPort}
listener.security.protocol.map=${listeners.map(([name]) => `${name}:PLAINTEXT`).join(',')}
log.dirs=${data}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
`;
}
