import 'reflect-metadata';
import { closest } from '@duofactory/contracts';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { clearestRule } from './clearest-rule.js';
import { PRODUCT_VARIABLES, TOOL_VARIABLES } from './product-variables.js';

const PREFIX = 'DUOFACTORY_';
const SECRET = /(PASSWORD|SECRET|TOKEN|KEY|CREDENTIALS)/;
const VARIABLE = Symbol('variable');

/** Thrown at start: names every variable that is wrong, its value and what is allowed. */
export class InvalidConfiguration extends Error {
  readonly code = 'invalid-configuration';
  override readonly name = 'InvalidConfiguration';

  constructor(readonly faults: readonly string[]) {
    super(`The environment is not usable:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/** The property's variable has a name of its own (a vendor's), without the prefix. */
export const FromVariable = (name: string): PropertyDecorator => Reflect.metadata(VARIABLE, { name });

/** The property is a Map of all variables `DUOFACTORY_<group>_<X>`, by `<x>` in kebab-case. Its values are numbers. */
export const FromVariables = (group: string): PropertyDecorator => Reflect.metadata(VARIABLE, { group });

/**
 * Reads an instance of `cls` from the environment: property `kafkaBrokers` from DUOFACTORY_KAFKA_BROKERS. An unset
 * or empty variable leaves the property's initial value. Every property needs a class-validator decorator; its
 * declared type (string, number, boolean, Array of strings separated by commas) says how the text is read.
 */
export function loadConfig<T extends object>(cls: new () => T, env: NodeJS.ProcessEnv = process.env): T {
  const config = read(cls, env);
  const faults = faultsOf(cls, config, env);
  if (faults.length > 0) throw new InvalidConfiguration(faults);
  return config;
}

/** Before anything is started: throws InvalidConfiguration with the faults of all classes. */
export function checkConfiguration(
  classes: readonly (new () => object)[],
  env: NodeJS.ProcessEnv = process.env,
): void {
  const faults = [
    ...classes.flatMap((cls) => faultsOf(cls, read(cls, env), env)),
    ...unknownVariables(classes, env),
  ];
  if (faults.length > 0) throw new InvalidConfiguration(faults);
}

// Kubernetes gives every pod the addresses of all services, under their names.
const OF_KUBERNETES = /_(SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?|PORT_\d+_(TCP|UDP|SCTP)(_[A-Z]+)?)$/;
const ADDRESS = /^(tcp|udp|sctp):\/\//;

/** A mistyped name would leave its setting at the default without a word. */
function unknownVariables(classes: readonly (new () => object)[], env: NodeJS.ProcessEnv): string[] {
  const known = [
    ...classes.flatMap(variablesOf).map(({ name }) => name),
    ...PRODUCT_VARIABLES,
    ...TOOL_VARIABLES,
  ];
  const names = known.flatMap((name) => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : []));
  const groups = known.flatMap((name) => (name.endsWith('<TYPE>') ? name.slice(0, -'<TYPE>'.length) : []));
  return Object.entries(env).flatMap(([name, value = '']) => {
    const isOurs = name.startsWith(PREFIX) && value !== '';
    if (!isOurs || known.includes(name) || groups.some((group) => name.startsWith(group))) return [];
    if (OF_KUBERNETES.test(name) || ADDRESS.test(value)) return [];
    const meant = closest(name.slice(PREFIX.length), names);
    return [`${name} is no setting${meant === undefined ? '' : `: do you mean ${PREFIX}${meant}?`}`];
  });
}

export interface DescribedVariable {
  readonly name: string;
  /** As one would write it; undefined: none. */
  readonly initial: string | undefined;
  readonly secret: boolean;
}

/** What a class reads. */
export function variablesOf(cls: new () => object): DescribedVariable[] {
  const config = new cls();
  return [...propertiesOf(cls)].map((property) => {
    const { name } = sourceOf(cls, property);
    const value = Reflect.get(config, property) as unknown;
    const text = Array.isArray(value)
      ? value.join(',')
      : value instanceof Map
        ? ''
        : JSON.stringify(value ?? '');
    const initial = text.replaceAll('"', '');
    return { name, initial: initial === '' ? undefined : initial, secret: SECRET.test(name) };
  });
}

function propertiesOf(cls: new () => object): Set<string> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(cls, '', false, false);
  return new Set(rules.map(({ propertyName }) => propertyName));
}

function read<T extends object>(cls: new () => T, env: NodeJS.ProcessEnv): T {
  const config = new cls();
  for (const property of propertiesOf(cls)) {
    const value = readProperty(cls, property, env);
    if (value !== undefined) Reflect.set(config, property, value);
  }
  return config;
}

function readProperty(cls: new () => object, property: string, env: NodeJS.ProcessEnv): unknown {
  const source = sourceOf(cls, property);
  if (source.group !== undefined) return readGroup(source.group, env);
  const text = env[source.name];
  if (text === undefined || text === '') return undefined;
  switch (Reflect.getMetadata('design:type', cls.prototype as object, property)) {
    case Number:
      // An empty or padded number is refused by the validator, not read as 0.
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case Boolean:
      return { true: true, '1': true, false: false, '0': false }[text.toLowerCase()] ?? text;
    case Array:
      return text.split(',').map((item) => item.trim());
    default:
      return text;
  }
}

function readGroup(group: string, env: NodeJS.ProcessEnv): Map<string, unknown> {
  const start = `${PREFIX}${group}_`;
  return new Map(
    Object.entries(env)
      .filter(([name, text]) => name.startsWith(start) && text !== '')
      .map(([name, text]) => [
        name.slice(start.length).toLowerCase().replaceAll('_', '-'),
        /^\d+$/.test(text!) ? Number(text) : text,
      ]),
  );
}

function sourceOf(cls: new () => object, property: string): { name: string; group?: string } {
  const given = Reflect.getMetadata(VARIABLE, cls.prototype as object, property) as
    { name?: string; group?: string } | undefined;
  if (given?.group !== undefined) return { name: `${PREFIX}${given.group}_<TYPE>`, group: given.group };
  const conventional = PREFIX + property.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return { name: given?.name ?? conventional };
}

function faultsOf(cls: new () => object, config: object, env: NodeJS.ProcessEnv): string[] {
  return validateSync(config, { forbidUnknownValues: false }).flatMap((error) => {
    const { name, group } = sourceOf(cls, error.property);
    const allowed = allowedBy(error);
    if (group === undefined) return [`${name} is ${shown(name, env[name])}: it ${allowed}`];
    return badOfGroup(cls, error.property, group, env).map(
      (one) => `${one} is ${shown(one, env[one])}: it ${allowed}`,
    );
  });
}

function allowedBy({ property, constraints = {} }: ValidationError): string {
  return clearestRule(constraints).replace(new RegExp(`^(each value in )?${property} `), '$1');
}

/** Names of the group's variables that are at fault by themselves. */
function badOfGroup(
  cls: new () => object,
  property: string,
  group: string,
  env: NodeJS.ProcessEnv,
): string[] {
  const start = `${PREFIX}${group}_`;
  return Object.keys(env).filter((name) => {
    if (!name.startsWith(start) || env[name] === '') return false;
    const config = new cls();
    Reflect.set(config, property, readGroup(group, { [name]: env[name] }));
    return validateSync(config, { forbidUnknownValues: false }).some((error) => error.property === property);
  });
}

function shown(name: string, value: string | undefined): string {
  if (value === undefined || value === '') return 'not set';
  if (SECRET.test(name)) return 'set to a secret that is not usable';
  // A password may stand before an @, in a URL or in what was meant to be one.
  return `"${value.replace(/(:\/\/[^:/@]*):[^@]*@/, '$1:***@').replace(/^([^/]*?):(?!\/\/)[^@]*@/, '$1:***@')}"`;
}
