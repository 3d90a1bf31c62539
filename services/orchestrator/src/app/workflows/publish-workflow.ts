import { WorkflowDefinition, hashJson, type BlockManifest } from '@duofactory/contracts';
import { compile } from '@duofactory/engine';
import { Problem, type Clock, type Database } from '@duofactory/platform';
import { listBlockTypes } from '../../store/block-types.js';
import { publishVersion, type StoredVersion } from '../../store/workflows.js';
import { childFaults } from './check-children.js';
import { checkConfiguration } from './check-configuration.js';
import { unknownNames } from './unknown-names.js';
import type { References } from './references.js';
import { checkDefinition, type DefinitionFault } from './check-definition.js';

export interface PublishedWorkflow {
  readonly workflow: string;
  readonly version: number;
  /** false: this content was the latest version already. */
  readonly created: boolean;
}

/** A definition without faults. */
export interface CheckedDefinition extends StoredVersion {
  readonly hash: string;
}

/** How a definition came about. */
interface Written {
  readonly by?: string;
  readonly note?: string | null;
  /** The YAML that it was read from. */
  readonly source?: string | null;
}

/** Checks definitions against the announced block types, and publishes them as immutable versions. */
export class PublishWorkflow {
  constructor(
    private readonly database: Database,
    private readonly references: References,
    private readonly clock: Clock,
  ) {}

  /** Everything that can be known to be wrong beforehand. */
  async validate(definition: unknown): Promise<DefinitionFault[]> {
    const faults = checkDefinition(definition);
    if (faults.some(({ code }) => code !== 'unknown-field')) return faults;
    return [...faults, ...(await this.#faultsOfBlocks(definition))];
  }

  async #faultsOfBlocks(definition: unknown): Promise<DefinitionFault[]> {
    const checked = definition as WorkflowDefinition;
    const manifests = await this.#manifests();
    const compiled = compile(checked, manifests);
    const configured = checked.blocks.flatMap((block) => {
      const manifest = manifests.get(block.type);
      return manifest ? checkConfiguration(block, manifest) : [];
    });
    if ('plan' in compiled)
      return [
        ...configured,
        ...unknownNames(checked, manifests, compiled.plan),
        ...(await this.references.faultsOf(this.database, checked, manifests, compiled.plan)),
        ...(await childFaults(this.database, checked)),
      ];
    const refused = compiled.refusals.map(({ code, block, field, message }) => ({
      code,
      block,
      field: field === undefined ? `blocks.${block}` : `blocks.${block}.${field}`,
      message,
    }));
    const told = new Set(refused.map(({ code, field }) => `${code} ${field}`));
    const unknown = unknownNames(checked, manifests, undefined);
    return [...refused, ...configured, ...unknown.filter(({ code, field }) => !told.has(`${code} ${field}`))];
  }

  async publish(
    id: string,
    definition: unknown,
    { by = 'local', note = null, source = null }: Written = {},
  ): Promise<PublishedWorkflow> {
    const checked = await this.check(id, definition);
    const of = { workflow: id, ...checked, revision: null, author: by, note, source };
    const now = this.clock.now();
    const published = await this.database.transaction((tx) => publishVersion(tx, { ...of, now }));
    return { workflow: id, ...published };
  }

  /** A definition that may be published under this id, with what it is bound to. Throws Problem `invalid-definition`. */
  async check(id: string, definition: unknown): Promise<CheckedDefinition> {
    const faults = await this.faultsOf(id, definition);
    if (faults.length > 0) throw refused(id, faults);
    const checked = definition as WorkflowDefinition;
    const all = await this.#manifests();
    const manifests = Object.fromEntries(checked.blocks.map(({ type }) => [type, all.get(type)!]));
    return { definition: checked, manifests, hash: hashJson({ definition: checked, manifests }) };
  }

  /** What stands in the way of publishing a definition under this id. */
  async faultsOf(id: string, definition: unknown): Promise<DefinitionFault[]> {
    const faults = await this.validate(definition);
    const { id: own } = definition as { id?: unknown };
    if (typeof own !== 'string' || own === id) return faults;
    const message = `The path says "${id}", the definition "${own}"`;
    return [...faults, { code: 'id-differs', field: 'id', message }];
  }

  async #manifests(): Promise<Map<string, BlockManifest>> {
    const rows = await listBlockTypes(this.database);
    return new Map(rows.map(({ manifest }) => [manifest.type, manifest]));
  }
}

function refused(id: string, faults: readonly DefinitionFault[]): Problem {
  return new Problem({
    status: 422,
    code: 'invalid-definition',
    title: `Workflow "${id}" is refused`,
    detail: faults.map(({ field, message }) => `${field}: ${message}`).join('; '),
    errors: [...faults],
  });
}
