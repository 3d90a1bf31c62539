import { Problem, type Database } from '@duofactory/platform';
import { listBlockTypes, type BlockTypeRow } from '../store/block-types.js';
import { listWorkflows, readLatestVersion, readVersion, type WorkflowSummary } from '../store/workflows.js';

/** Published workflows and announced block types. */
export class ReadWorkflows {
  constructor(private readonly database: Database) {}

  list(): Promise<WorkflowSummary[]> {
    return listWorkflows(this.database);
  }

  blockTypes(): Promise<BlockTypeRow[]> {
    return listBlockTypes(this.database);
  }

  async show(
    id: string,
    version?: string,
  ): Promise<{ workflow: string; version: number; definition: unknown }> {
    const number = version === undefined ? await readLatestVersion(this.database, id) : Number(version);
    const stored =
      number !== undefined && Number.isInteger(number)
        ? await readVersion(this.database, id, number)
        : undefined;
    if (number === undefined || !stored) {
      throw new Problem({
        status: 404,
        code: 'unknown-workflow',
        title: 'Unknown workflow',
        detail: `No published version of workflow "${version === undefined ? id : `${id}@${version}`}"`,
      });
    }
    return { workflow: id, version: number, definition: stored.definition };
  }
}
