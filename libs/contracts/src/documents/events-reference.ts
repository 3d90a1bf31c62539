import { asyncApi } from './async-api.js';

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly minimum?: number;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Document {
  readonly info: { readonly description: string };
  readonly channels: Readonly<
    Record<string, { address: string; description?: string; messages: Readonly<Record<string, unknown>> }>
  >;
  readonly components: {
    readonly messages: Readonly<Record<string, { summary: string; headers: Schema; payload: Schema }>>;
  };
}

/** The AsyncAPI document as a page for people, in Markdown. */
export function eventsReference(): string {
  const { info, channels, components } = asyncApi() as Document;
  const [first] = Object.values(components.messages);
  const ofChannels = Object.values(channels).flatMap(({ address, description, messages }) => [
    `## \`${address}\``,
    ...(description ? [`${description}.`] : []),
    ...Object.keys(messages).flatMap((type) => {
      const { summary, payload } = components.messages[type]!;
      return [`### \`${type}\``, summary, table(payload)];
    }),
  ]);
  return `${[
    '# Events',
    '<!-- Written by `npm run reference` from the AsyncAPI document: change the schemas, not this page. -->',
    info.description,
    'The whole document, for tools: `npx duofactory documents out` writes `out/asyncapi.json`. Every event may come twice.',
    '## Headers',
    table(withoutConstants(first!.headers)),
    ...ofChannels,
  ].join('\n\n')}\n`;
}

/** The headers of one event stand for those of all. */
function withoutConstants({ properties = {}, ...schema }: Schema): Schema {
  const any = Object.entries(properties).map(
    ([name, { const: _, ...property }]) => [name, property] as const,
  );
  return { ...schema, properties: Object.fromEntries(any) };
}

function table(schema: Schema): string {
  const rows = fieldsOf(schema, '');
  if (rows.length === 0) return 'It carries no fields.';
  return [
    '| field | type | needed | meaning |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`),
  ].join('\n');
}

/** Fields with those below them: `outputs[].id`. */
function fieldsOf({ properties = {}, required = [] }: Schema, above: string): string[][] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = above + name;
    const { description = '' } = schema;
    const row = [`\`${path}\``, typeOf(schema), required.includes(name) ? 'yes' : '', description];
    const items = schema.items ? fieldsOf(schema.items, `${path}[].`) : [];
    return [row, ...fieldsOf(schema, `${path}.`), ...items];
  });
}

function typeOf({ type, format, minimum, items, anyOf, ...schema }: Schema): string {
  if (anyOf) return [...new Set(anyOf.map(typeOf))].join(' or ');
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (type === 'array') return `list of ${items ? typeOf(items) : 'anything'}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const bound = minimum === undefined ? '' : `, from ${minimum}`;
  return `${type ?? 'anything'}${format ? ` (${format})` : ''}${bound}`;
}
