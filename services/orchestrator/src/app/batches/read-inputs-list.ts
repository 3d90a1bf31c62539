import type { WorkflowDefinition } from '@duofactory/contracts';
import { Problem } from '@duofactory/platform';
import { CsvError, parse } from 'csv-parse/sync';

/**
 * Inputs of many runs, as JSON or as CSV with a column an input; undefined: they are to be read from a source. Throws
 * Problem that says where the text is wrong.
 */
export function readInputsList(
  { inputs: declared = {} }: WorkflowDefinition,
  { items, csv, source }: { items?: readonly unknown[]; csv?: string; source?: object },
): readonly unknown[] | undefined {
  if ([items, csv, source].filter((one) => one !== undefined).length !== 1)
    throw wrongList('items', 'Give either `items` or `csv` or `source`');
  if (source !== undefined) return undefined;
  const list = items ?? rowsOf(csv!, declared);
  if (list.length === 0)
    throw wrongList(items ? 'items' : 'csv', 'There is nothing to run: the list is empty');
  for (const [i, inputs] of list.entries()) {
    if (inputs === null || typeof inputs !== 'object' || Array.isArray(inputs))
      throw wrongList(`items.${i}`, 'Must be an object of inputs');
  }
  return list;
}

function rowsOf(csv: string, declared: NonNullable<WorkflowDefinition['inputs']>): object[] {
  try {
    const rows = parse(csv, { columns: columnsOf, bom: true, skip_empty_lines: true, trim: true });
    return (rows as Record<string, string>[]).map((row, i) =>
      Object.fromEntries(
        Object.entries(row)
          // An empty cell leaves the input to its default.
          .filter(([, text]) => text !== '')
          .map(([name, text]) => [name, valueOf(text, declared[name]?.type, `items.${i}.inputs.${name}`)]),
      ),
    );
  } catch (error) {
    if (error instanceof CsvError) throw wrongList('csv', error.message);
    throw error;
  }
}

/** Of two columns of one name the first would be lost. Those without a name stand behind the last one in many a sheet. */
function columnsOf(header: string[]): string[] {
  for (const [i, name] of header.entries()) {
    const first = header.indexOf(name);
    if (name === '' || first === i) continue;
    const places = `it is column ${first + 1} and ${i + 1} of the header`;
    throw wrongList('csv', `Column "${name}" stands twice: ${places}. Leave one of them out`);
  }
  return header;
}

/** Text stays text; all else is read as JSON. */
export function valueOf(text: string, type: string | undefined, field: string): unknown {
  if (type === undefined || type === 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw wrongList(field, `"${text}" is no ${type}`);
  }
}

export function wrongList(field: string, message: string): Problem {
  return new Problem({
    status: 422,
    code: 'invalid-list',
    title: 'The list of inputs cannot be read',
    detail: `${field}: ${message}`,
    errors: [{ field, message }],
  });
}
