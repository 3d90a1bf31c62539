import { Problem, traceHeaders } from '@duofactory/platform';
import { invalidSource } from '../sources/source-problems.js';

interface Known {
  readonly version: number;
  readonly definition: { readonly inputs?: Readonly<Record<string, { readonly default?: unknown }>> };
}

/** Asks the orchestrator what a workflow wants, before anything is to start it. */
export class WorkflowInputs {
  constructor(private readonly orchestratorUrl: string) {}

  /** Throws Problem that names the field: the workflow is unknown, or the inputs do not fit. */
  async check(
    workflow: string,
    inputs: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<void> {
    const { definition } = await this.#read(workflow, signal);
    const declared = Object.entries(definition.inputs ?? {});
    const names = declared.map(([name]) => name);
    const unknown = Object.keys(inputs)
      .filter((name) => !names.includes(name))
      .map((name) => ({
        field: `inputs.${name}`,
        message: `Not an input of ${workflow}; it has ${names.join(', ') || 'none'}`,
      }));
    const missing = declared
      .filter(([name, { default: otherwise }]) => otherwise === undefined && !Object.hasOwn(inputs, name))
      .map(([name]) => ({
        field: `inputs.${name}`,
        message: `Required by ${workflow}: map it to a column, such as "{{row.${name}}}"`,
      }));
    const errors = [...unknown, ...missing];
    if (errors.length > 0)
      throw invalidSource(
        'invalid-watch',
        errors.map(({ field, message }) => `${field}: ${message}`).join('; '),
        errors,
      );
  }

  /** The one that a run would use now. Throws Problem. */
  async version(workflow: string, signal: AbortSignal): Promise<number> {
    return (await this.#read(workflow, signal)).version;
  }

  async #read(workflow: string, signal: AbortSignal): Promise<Known> {
    const [id, version] = workflow.split('@');
    const path = `/api/workflows/${encodeURIComponent(id!)}${version === undefined ? '' : `/versions/${version}`}`;
    const response = await fetch(new URL(path, this.orchestratorUrl), {
      signal,
      headers: traceHeaders(),
    }).catch((cause: unknown) => {
      throw away(cause);
    });
    if (response.ok) return (await response.json()) as Known;
    if (response.status >= 500) throw away(undefined);
    const message = `No workflow "${workflow}" is published: GET /api/workflows lists them`;
    throw invalidSource('unknown-workflow', message, [{ field: 'workflow', message }]);
  }
}

function away(cause: unknown): Problem {
  const problem = {
    status: 503,
    code: 'orchestrator-away',
    title: 'The orchestrator is not reached',
    detail: 'Whether the workflow is there cannot be known now: send it again',
  };
  return new Problem(problem, { cause });
}
