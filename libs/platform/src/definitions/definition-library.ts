import { hashJson, referencePublishedV1, uuidFrom } from '@duofactory/contracts';
import type { Clock } from '../clock.js';
import type { Database, Transaction } from '../database.js';
import { Problem, type FieldError } from '../problem.js';
import type { Emit, Transactions } from '../service/transactions.js';
import type { DefinitionKind, DefinitionUse } from './definition-kind.js';
import { writeYaml } from './definition-yaml.js';
import {
  findDefinitionVersion,
  insertDefinitionVersion,
  listDefinitionVersions,
  listDefinitions,
  lockDefinition,
  moveLabel,
  readDefinitionSource,
  retellDefinition,
  type DefinitionSummary,
  type DefinitionVersion,
  type VersionSummary,
} from './store.js';

export interface PublishedDefinition {
  readonly id: string;
  readonly version: number;
  /** false: the latest version has this content already. */
  readonly created: boolean;
}

/** A definition as somebody wrote it. */
export interface WrittenDefinition {
  readonly definition: unknown;
  /** The YAML that it was read from. */
  readonly source?: string;
  readonly author: string;
  readonly note?: string;
}

/** Definitions as immutable versions with labels; each new version and label is told by an event, for runs to pin. */
export class DefinitionLibrary<D extends { readonly id: string }> {
  constructor(
    readonly of: DefinitionKind<D>,
    private readonly database: Database,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    /** The version of a thing of another library that a reference names now, as `id@7`. Throws Problem. */
    private readonly elsewhere: (use: DefinitionUse) => Promise<string | undefined> = async () => undefined,
  ) {}

  validate(definition: unknown): FieldError[] {
    return this.of.check(definition);
  }

  /** What stands in the way of publishing a definition under this id. */
  faultsOf(id: string, definition: unknown): FieldError[] {
    const faults = this.validate(definition);
    const { id: own } = (definition ?? {}) as { id?: unknown };
    if (typeof own !== 'string' || own === id) return faults;
    const message = `The path says "${id}", the definition "${own}"`;
    return [...faults, { code: 'id-differs', field: 'id', message }];
  }

  async publish(id: string, written: WrittenDefinition): Promise<PublishedDefinition> {
    this.refuseFaults(id, written.definition);
    return this.transactions.run((tx, emit) => this.publishIn({ tx, emit }, id, written));
  }

  /** Throws Problem `invalid-definition`. */
  refuseFaults(id: string, definition: unknown): void {
    const errors = this.faultsOf(id, definition);
    if (errors.length > 0) throw this.#refused(id, errors);
  }

  /** As `publish`, within a change of more: the definition has no faults. */
  async publishIn(
    { tx, emit }: { tx: Transaction; emit: Emit },
    id: string,
    { definition, source, note, author }: WrittenDefinition,
  ): Promise<PublishedDefinition> {
    const hash = hashJson(definition);
    const before = await lockDefinition(tx, this.of.kind, id);
    const pins = await this.#pins(tx, id, definition as D);
    // Of the same content another version is made where what it names has one.
    if (before.hash === hash && hashJson(before.pins) === hashJson(pins)) {
      if (source !== undefined)
        await retellDefinition(tx, this.of.kind, { id, version: before.latest, source });
      return { id, version: before.latest, created: false };
    }
    const version = before.latest + 1;
    const row = { id, version, hash, definition: definition as D, pins, note: note ?? null, author };
    const stored = { ...row, publishedAt: this.clock.now(), source: source ?? writeYaml(definition) };
    await insertDefinitionVersion(tx, this.of.kind, stored);
    this.#announce(emit, { ...stored, labels: [] });
    return { id, version, created: true };
  }

  /** The label is on this version and on no other; null: on none. */
  async label(id: string, label: string, version: number | null): Promise<void> {
    const { kind } = this.of;
    await this.transactions.run(async (tx, emit) => {
      await lockDefinition(tx, kind, id);
      const known = await findDefinitionVersion(tx, kind, id, version === null ? undefined : String(version));
      if (!known) throw this.#unknown(version === null ? id : `${id}@${version}`);
      for (const changed of await moveLabel(tx, { kind, id, version, label }))
        this.#announce(emit, (await findDefinitionVersion<D>(tx, kind, id, String(changed)))!);
    });
  }

  /** By `id` (the latest), `id@7` or `id@label`. */
  find(reference: string): Promise<DefinitionVersion<D> | undefined> {
    const [id, which] = reference.split('@');
    return findDefinitionVersion<D>(this.database, this.of.kind, id!, which);
  }

  /** As `find`. Throws Problem `unknown-<kind>`. */
  async show(reference: string): Promise<DefinitionVersion<D>> {
    const found = await this.find(reference);
    if (!found) throw this.#unknown(reference);
    return found;
  }

  /** A version as YAML: read again, it has the same hash. */
  async yamlOf(version: DefinitionVersion<D>): Promise<string> {
    const source = await readDefinitionSource(this.database, this.of.kind, version);
    return source ?? writeYaml(version.definition);
  }

  list(): Promise<DefinitionSummary[]> {
    return listDefinitions(this.database, this.of.kind);
  }

  /** Newest first. */
  async versions(id: string): Promise<VersionSummary[]> {
    const versions = await listDefinitionVersions(this.database, this.of.kind, id);
    if (versions.length === 0) throw this.#unknown(id);
    return versions;
  }

  /** What the references stand for now, as far as it can be known. Throws Problem `invalid-definition` for one that is not published. */
  async #pins(tx: Transaction, id: string, definition: D): Promise<Record<string, string>> {
    const pins: Record<string, string> = {};
    const errors: FieldError[] = [];
    for (const use of this.of.uses?.(definition) ?? []) {
      const { kind, reference, field } = use;
      try {
        const pinned = kind === this.of.kind ? await this.#pinned(tx, reference) : await this.elsewhere(use);
        if (pinned !== undefined) pins[reference] = pinned;
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 404) throw error;
        const message = `No version of ${kind} "${reference}" is published: publish it first`;
        errors.push({ code: `unknown-${kind}`, field, message });
      }
    }
    if (errors.length > 0) throw this.#refused(id, errors);
    return pins;
  }

  async #pinned(tx: Transaction, reference: string): Promise<string> {
    const [named, which] = reference.split('@');
    const found = await findDefinitionVersion<D>(tx, this.of.kind, named!, which);
    if (!found) throw this.#unknown(reference);
    return `${found.id}@${found.version}`;
  }

  #announce(emit: Emit, { id, version, hash, labels, definition, pins = {} }: DefinitionVersion<D>): void {
    const { kind } = this.of;
    const roots = this.of.variables(definition).map((path) => path.replace(/^image:/, '').split('.')[0]!);
    emit(referencePublishedV1, {
      key: `${kind}/${id}/${version}`,
      // A label may come back: each time it is another event.
      id: uuidFrom(kind, id, version, ...labels, ...(labels.length > 0 ? [this.clock.now().getTime()] : [])),
      data: {
        ...{ kind, id, version, labels, hash, reads: [...new Set(roots)] },
        ...(this.of.uses
          ? {
              uses: this.of.uses(definition).map((use) => ({
                ...use,
                reference: pins[use.reference] ?? use.reference,
              })),
            }
          : {}),
      },
    });
  }

  #refused(id: string, errors: readonly FieldError[]): Problem {
    return new Problem({
      status: 422,
      code: 'invalid-definition',
      title: `The ${this.of.kind} "${id}" is refused`,
      detail: errors.map(({ field, message }) => `${field}: ${message}`).join('; '),
      errors,
    });
  }

  #unknown(reference: string): Problem {
    const { kind } = this.of;
    return new Problem({
      status: 404,
      code: `unknown-${kind}`,
      title: `Unknown ${kind}`,
      detail: `No version of ${kind} "${reference}" is published`,
    });
  }
}
