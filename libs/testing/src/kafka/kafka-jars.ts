import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const VERSION = '4.4.0';
const run = promisify(execFile);

/** No broker can be started here; the message says what is missing. */
export class KafkaUnavailable extends Error {
  readonly code = 'kafka-unavailable';
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = 'KafkaUnavailable';
  }
}

/** Folder with Kafka's jars, fetched by Maven once a machine: `DUOFACTORY_CACHE_DIR`, else the user's cache. */
export async function kafkaJars(): Promise<string> {
  const cache = process.env['DUOFACTORY_CACHE_DIR'] ?? join(homedir(), '.cache', 'duofactory');
  const jars = join(cache, `kafka-${VERSION}`);
  await answers('java', ['-version']);
  if (existsSync(jars)) return jars;

  await answers('mvn', ['-v']);
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'fetching-'));
  try {
    await writeFile(join(folder, 'pom.xml'), POM);
    await run('mvn', [
      '-B',
      '-q',
      '-f',
      join(folder, 'pom.xml'),
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${join(folder, 'jars')}`,
    ]);
    // Two processes may fetch at once: the folder appears whole or not at all, and the second finds it there.
    await rename(join(folder, 'jars'), jars).catch((error: unknown) => {
      if (!existsSync(jars)) throw error;
    });
  } catch (error) {
    throw new KafkaUnavailable(`Maven could not fetch Kafka ${VERSION}`, error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return jars;
}

async function answers(command: string, args: string[]): Promise<void> {
  try {
    await run(command, args);
  } catch (error) {
    throw new KafkaUnavailable(`"${command}" is not installed`, error);
  }
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>duofactory</groupId><artifactId>test-kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${VERSION}</version></dependency>
  </dependencies>
</project>
`;
