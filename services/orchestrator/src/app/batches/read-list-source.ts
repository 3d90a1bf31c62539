import { lookupIn, MissingVariable, resolveTemplates, type WorkflowDefinition } from '@duofactory/contracts';
import { checkExpression, type Expressions } from '@duofactory/expressions';
import { Problem } from '@duofactory/platform';
import type { ListSource } from '../../store/batches.js';
import { valueOf, wrongList } from './read-inputs-list.js';

type Row = Readonly<Record<string, unknown>>;
type Declared = NonNullable<WorkflowDefinition['inputs']>;

const PAGE_TIMEOUT_MS = 60_000;
/** `tables/units@3/rows`, `episodes?course=en-es`. */
const LIST = /^[a-z0-9-]+(\/[A-Za-z0-9@_-][A-Za-z0-9._~@-]*)*(\?[^#\s]*)?$/;

/**
 * Inputs of many runs from a list that some service of the product answers. It knows nothing of any of them: a list is
 * whatever `GET /api/<list>` gives, an object with one array of objects in it and, if there is more, the cursor `next`.
 * So a source that another service learns to read is one that batches can run over.
 */
export class ReadListSource {
  constructor(
    /** Where all services answer, without `/api`. */
    private readonly apiUrl: string,
    private readonly expressions: Expressions,
    private readonly most: number,
  ) {}

  /** Throws Problem `invalid-list` that names the field at fault, `list-unavailable` when nobody answers. */
  async execute(
    { inputs: declared = {} }: WorkflowDefinition,
    source: ListSource,
  ): Promise<Record<string, unknown>[]> {
    const { list, where, inputs } = source;
    if (!LIST.test(list))
      throw wrongList('source.list', 'Must be a path below /api, such as tables/units/rows');
    const fault = where === undefined ? undefined : checkExpression(where);
    if (fault) throw wrongList('source.where', fault.message);
    const items: Record<string, unknown>[] = [];
    let read = 0;
    for await (const page of this.#pages(list)) {
      const wanted = where === undefined ? page : await this.#those(page, where);
      for (const row of wanted) items.push(inputsOf(row, { declared, inputs, ord: items.length }));
      read += page.length;
      if (items.length > this.most)
        throw wrongList(
          'source.list',
          `Gives more than ${this.most} rows: narrow it by a filter or by where`,
        );
    }
    if (items.length > 0) return items;
    const found = read === 0 ? 'gives no rows' : `gives ${read} rows, of which \`where\` holds for none`;
    throw wrongList('source.list', `There is nothing to run: it ${found}`);
  }

  async *#pages(list: string): AsyncIterable<readonly Row[]> {
    for (let cursor: string | number | undefined; ;) {
      const body = await this.#get(list, cursor);
      yield rowsOf(body);
      const { next } = body;
      if (typeof next !== 'string' && typeof next !== 'number') return;
      cursor = next;
    }
  }

  async #get(list: string, cursor: string | number | undefined): Promise<Row> {
    const url = new URL(`/api/${list}`, this.apiUrl);
    if (cursor !== undefined) url.searchParams.set('cursor', String(cursor));
    const response = await fetch(url, { signal: AbortSignal.timeout(PAGE_TIMEOUT_MS) }).catch(
      (cause: unknown) => {
        throw unavailable(
          `GET ${url.href} was not answered: does DUOFACTORY_API_URL lead to the API?`,
          cause,
        );
      },
    );
    const body: unknown = await response.json().catch(() => undefined);
    if (response.status >= 500) throw unavailable(`GET ${url.pathname} answered ${response.status}`);
    if (!response.ok) {
      const { detail } = (body ?? {}) as { detail?: string };
      throw wrongList('source.list', detail ?? `GET ${url.pathname} answered ${response.status}`);
    }
    if (!isObject(body)) throw wrongList('source.list', 'Its answer holds no list, or several');
    return body;
  }

  async #those(rows: readonly Row[], where: string): Promise<readonly Row[]> {
    const verdicts = await this.expressions.evaluate(where, rows).catch((error: Error) => {
      throw wrongList('source.where', error.message);
    });
    return rows.filter((_, i) => verdicts[i] === true);
  }
}

function rowsOf(body: Row): readonly Row[] {
  const arrays = Object.values(body).filter(Array.isArray) as unknown[][];
  const [rows] = arrays;
  if (arrays.length !== 1 || !rows!.every(isObject))
    throw wrongList('source.list', 'Its answer holds no list, or several');
  // Rows of a table come with their place: the cells are its `value`.
  return rows.map((row) => (isObject(row['value']) ? row['value'] : row));
}

function isObject(value: unknown): value is Row {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function inputsOf(
  row: Row,
  { declared, inputs, ord }: { declared: Declared; inputs: ListSource['inputs']; ord: number },
): Record<string, unknown> {
  const given = inputs === undefined ? sameNames(row, declared) : mapped(row, inputs, ord);
  return Object.fromEntries(
    Object.entries(given)
      // An empty cell leaves the input to its default.
      .filter(([, value]) => value !== '' && value !== null)
      .map(([name, value]) => [name, typed(value, declared[name]?.type, `items.${ord}.inputs.${name}`)]),
  );
}

/** A sheet may hold more than inputs. */
function sameNames(row: Row, declared: Declared): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => Object.hasOwn(declared, name)));
}

function mapped(row: Row, inputs: Row, ord: number): Row {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, template]) => {
      try {
        return [name, resolveTemplates(template, lookupIn(row))];
      } catch (error) {
        if (!(error instanceof MissingVariable)) throw error;
        const fields = Object.keys(row).join(', ');
        const message = `Row ${ord + 1} has no "${error.path}"; it has ${fields}`;
        throw wrongList(`source.inputs.${name}`, message);
      }
    }),
  );
}

/** Cells of sheets are text, and what looks like a number there may have been meant as text. */
function typed(value: unknown, type: string | undefined, field: string): unknown {
  if (typeof value === 'string') return valueOf(value, type, field);
  return type === 'string' && typeof value === 'number' ? String(value) : value;
}

function unavailable(detail: string, cause?: unknown): Problem {
  return new Problem(
    { status: 503, code: 'list-unavailable', title: 'The list cannot be read now', detail },
    { cause },
  );
}
