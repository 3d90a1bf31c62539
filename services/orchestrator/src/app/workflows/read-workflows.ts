import { Problem, type Database } from '@duofactory/platform';
import { listBlockTypes, type BlockTypeRow } from '../../store/block-types.js';
import {
  listVersions,
  listWorkflows,
  readLatestVersion,
  readVersion,
  readVersionSource,
  type VersionSummary,
  type WorkflowSummary,
} from '../../store/workflows.js';

/** Workflows with their versions, and announced block types. */
export class ReadWorkflows {
  constructor(private readonly database: Database) {}

  list(): Promise<WorkflowSummary[]> {
    return listWorkflows(this.database);
  }

  /** Newest first; drafts that ran are among them, unpublished. */
  async versions(id: string): Promise<VersionSummary[]> {
    const versions = await listVersions(this.database, id);
    if (versions.length === 0) throw unknownWorkflow(id);
    return versions;
  }

  blockTypes(): Promise<BlockTypeRow[]> {
    return listBlockTypes(this.database);
  }

  async show(
    id: string,
    version?: string,
  ): Promise<{ workflow: string; version: number; definition: unknown; yaml: string | null }> {
    const number = version === undefined ? await readLatestVersion(this.database, id) : versionOf(version);
    const stored = number === undefined ? undefined : await readVersion(this.database, id, number);
    if (number === undefined || !stored)
      throw unknownWorkflow(version === undefined ? id : `${id}@${version}`);
    const yaml = await readVersionSource(this.database, id, number);
    return { workflow: id, version: number, definition: stored.definition, yaml };
  }
}

/** As it stands in an address; undefined: no version ever is called so. */
function versionOf(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

function unknownWorkflow(reference: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-workflow',
    title: 'Unknown workflow',
    detail: `No published version of workflow "${reference}"`,
  });
}
