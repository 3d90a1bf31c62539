import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startKafkaContainer } from './kafka-container.js';
import { kafkaJars, KafkaUnavailable } from './kafka-jars.js';

export interface KafkaBroker {
  readonly brokers: string[];
  stop(): Promise<void>;
  /** Stops and starts the broker on the same port and data. Does nothing to brokers that were given. */
  restart(): Promise<void>;
}

const JAVA = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'];
const START_WITHIN_MS = 60_000;

/**
 * A real Kafka for tests: the brokers in `DUOFACTORY_TEST_KAFKA`, else one KRaft node of its own on 127.0.0.1, with
 * jars fetched by Maven, else one in a container. Throws KafkaUnavailable.
 */
export async function startKafka(): Promise<KafkaBroker> {
  const given = process.env['DUOFACTORY_TEST_KAFKA'];
  if (given) {
    return { brokers: given.split(','), stop: () => Promise.resolve(), restart: () => Promise.resolve() };
  }

  const [port, controllerPort] = await freePorts();
  const jars = await kafkaJars().catch((error: unknown) => error as Error);
  if (jars instanceof Error) {
    const container = jars instanceof KafkaUnavailable ? await startKafkaContainer(port) : undefined;
    if (container) return container;
    throw jars;
  }
  const classPath = join(jars, '*');
  const folder = await mkdtemp(join(tmpdir(), 'duofactory-kafka-'));
  const properties = join(folder, 'server.properties');
  await writeFile(properties, propertiesOf({ port, controllerPort, data: join(folder, 'data') }));
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

  let process_ = await launch(classPath, properties, port);
  const halt = async (): Promise<void> => {
    if (process_.exitCode !== null || process_.signalCode !== null) return;
    const ended = once(process_, 'exit');
    process_.kill('SIGTERM');
    await ended;
  };
  // The broker must not outlive a test run that ends in the middle.
  const killAtExit = (): void => void process_.kill('SIGKILL');
  process.once('exit', killAtExit);
  return {
    brokers: [`127.0.0.1:${port}`],
    stop: async () => {
      // Its data is thrown away: no reason to wait for an orderly end.
      process_.kill('SIGKILL');
      if (process_.exitCode === null && process_.signalCode === null) await once(process_, 'exit');
      process.removeListener('exit', killAtExit);
      await rm(folder, { recursive: true, force: true });
    },
    restart: async () => {
      await halt();
      process_ = await launch(classPath, properties, port);
    },
  };
}

/** As `startKafka`; where no broker can be had, prints one line that says why and gives undefined. */
export async function kafkaIfAvailable(): Promise<KafkaBroker | undefined> {
  try {
    return await startKafka();
  } catch (error) {
    if (!(error instanceof KafkaUnavailable)) throw error;
    process.stderr.write(
      `Tests on Kafka are skipped: ${error.message}. Set DUOFACTORY_TEST_KAFKA to use a broker.\n`,
    );
    return undefined;
  }
}

async function launch(classPath: string, properties: string, port: number): Promise<ChildProcess> {
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

async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  const [first, second] = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) await once(server.close(), 'close');
  return [first!, second!];
}

function propertiesOf(node: { port: number; controllerPort: number; data: string }): string {
  return `process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:${node.controllerPort}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${node.data}
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
