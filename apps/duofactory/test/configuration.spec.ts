import {
  PRODUCT_VARIABLES,
  PlatformConfig,
  TOOL_VARIABLES,
  TracingConfig,
  checkConfiguration,
  variablesOf,
} from '@duofactory/platform';
import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { services } from '../src/host/services.js';
import { startHost } from '../src/host/start-host.js';

const REFERENCE = resolve(import.meta.dirname, '../../../docs/reference/configuration.md');
const CLASSES = [
  PlatformConfig,
  TracingConfig,
  ...services.flatMap(({ configuration = [] }) => configuration),
];
const VARIABLES = CLASSES.flatMap(variablesOf);

/** Every part is the real one, so that everything which depends on that is needed. */
const USABLE: Record<string, string> = {
  DUOFACTORY_BUS: 'kafka',
  DUOFACTORY_KAFKA_BROKERS: 'broker:9092',
  DUOFACTORY_KAFKA_SASL_MECHANISM: 'plain',
  DUOFACTORY_KAFKA_SASL_USERNAME: 'someone',
  DUOFACTORY_KAFKA_SASL_PASSWORD: 'hush',
  DUOFACTORY_OBJECTS: 's3',
  DUOFACTORY_S3_BUCKET: 'bucket',
  DUOFACTORY_S3_ACCESS_KEY_ID: 'own',
  DUOFACTORY_S3_SECRET_ACCESS_KEY: 'hush',
  DUOFACTORY_MODEL: 'openai',
  DUOFACTORY_MODEL_NAME: 'gpt',
  OPENAI_API_KEY: 'hush',
};
/** Any text is a value of these. */
const FREE = [
  'DUOFACTORY_DATA_DIR',
  'DUOFACTORY_KAFKA_SASL_USERNAME',
  'DUOFACTORY_KAFKA_SASL_PASSWORD',
  'DUOFACTORY_S3_ACCESS_KEY_ID',
  'DUOFACTORY_S3_SECRET_ACCESS_KEY',
  'DUOFACTORY_MODEL_NAME',
  'OPENAI_API_KEY',
  'OTEL_SERVICE_NAME',
];
const NEEDED = Object.keys(USABLE).filter((name) => !/_(BUS|MECHANISM|OBJECTS|MODEL)$/.test(name));

describe('the configuration', () => {
  it('is all in the reference, with its defaults', async () => {
    const rows = (await readFile(REFERENCE, 'utf8')).matchAll(/^\| `([A-Z0-9_<>]+)` *\| (.*?) *\|/gm);
    const documented = Object.fromEntries(
      Array.from(rows, ([, name, initial]) => [name!, initial!.replaceAll('`', '')]),
    );

    expect(documented).toEqual(
      Object.fromEntries(
        VARIABLES.map(({ name, initial = '', secret }) => [name, secret ? '(secret)' : initial]),
      ),
    );
  });

  it('is accepted where it is usable', () => {
    expect(() => checkConfiguration(CLASSES, USABLE)).not.toThrow();
    expect(() => checkConfiguration(CLASSES, {})).not.toThrow();
  });

  const constrained = VARIABLES.map(({ name }) => name.replace('<TYPE>', 'PROMPT')).filter(
    (name) => !FREE.includes(name),
  );
  it.each(constrained)('names %s, its value and what is allowed when it is wrong', (name) => {
    expect(faultsOf({ ...USABLE, [name]: '?wrong, -7' })).toEqual([
      expect.stringMatching(new RegExp(`^${name} is "\\?wrong, -7": it (each value in )?must .{4,}`)),
    ]);
  });

  it.each(NEEDED)('names %s when it is needed and not set', (name) => {
    const { [name]: _, ...others } = USABLE;

    expect(faultsOf(others)).toEqual([
      expect.stringMatching(new RegExp(`^${name} is not set: it must .{4,}`)),
    ]);
  });

  it('names a variable that nobody reads, and the one that may be meant', async () => {
    expect(faultsOf({ DUOFACTORY_HTP_PORT: '8080', DUOFACTORY_SOMETHING_ELSE: 'x' })).toEqual([
      'DUOFACTORY_HTP_PORT is no setting: do you mean DUOFACTORY_HTTP_PORT?',
      expect.stringMatching(/^DUOFACTORY_SOMETHING_ELSE is no setting/),
    ]);
    await expect(startHost({ DUOFACTORY_MODELL: 'openai' })).rejects.toThrow(
      'DUOFACTORY_MODELL is no setting: do you mean DUOFACTORY_MODEL?',
    );
  });

  it('lets pass what other parts of the product, its tools and Kubernetes set', () => {
    const others = [...PRODUCT_VARIABLES, ...TOOL_VARIABLES, 'DUOFACTORY_POOL_OF_ANOTHER_TEAM'];
    const env = {
      ...Object.fromEntries(others.map((name) => [name, '1'])),
      DUOFACTORY_ORCHESTRATOR_SERVICE_HOST: '10.0.0.1',
      DUOFACTORY_ORCHESTRATOR_SERVICE_PORT_HTTP: '8080',
      DUOFACTORY_ORCHESTRATOR_PORT: 'tcp://10.0.0.1:8080',
      DUOFACTORY_ORCHESTRATOR_PORT_8080_TCP_ADDR: '10.0.0.1',
    };

    expect(() => checkConfiguration([PlatformConfig, TracingConfig], env)).not.toThrow();
    const ofServices = services
      .flatMap(({ configuration = [] }) => configuration.flatMap(variablesOf))
      .map(({ name }) => name)
      .filter((name) => name.startsWith('DUOFACTORY_'));
    expect([...new Set(ofServices)].sort()).toEqual([...PRODUCT_VARIABLES].sort());
  });

  it('names everything at once, and never shows a secret', () => {
    const faults = faultsOf({
      DUOFACTORY_DATABASE_URL: 'mysql://root:hush-hush@host/db',
      DUOFACTORY_KAFKA_PARTITIONS: '0',
      DUOFACTORY_POOL_PROMPT: '0',
      DUOFACTORY_POOL_EVALUATE: '4',
      DUOFACTORY_SPEECH: 'parrot',
    });

    expect(faults).toEqual([
      expect.stringContaining('DUOFACTORY_KAFKA_PARTITIONS is "0": it must not be less than 1'),
      expect.stringContaining('DUOFACTORY_DATABASE_URL is "mysql://root:***@host/db"'),
      expect.stringContaining('DUOFACTORY_POOL_PROMPT is "0": it '),
      'DUOFACTORY_SPEECH is "parrot": it must be espeak or polly',
    ]);
    expect(faultsOf({ DUOFACTORY_DATABASE_URL: 'root:hush-hush@host' }).join()).not.toContain('hush-hush');
  });
});

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    checkConfiguration(CLASSES, env);
    return [];
  } catch (error) {
    return (error as { faults: readonly string[] }).faults;
  }
}
