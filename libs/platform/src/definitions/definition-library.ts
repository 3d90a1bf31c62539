import { hashJson, referencePublishedV1, uuidFrom } from '@duofactory/contracts';
import type { Clock } from '../clock.js';
import type { Database } from '../database.js';
import { Problem, type FieldError } from '../problem.js';
import type { Emit, Transactions } from '../service/transactions.js';
import {
  findDefinitionVersion,
  insertDefinitionVersion,
  listDefinitionVersions,
  listDefinitions,
  lockDefinition,
  moveLabels,
  type DefinitionVersion,
} from './store.js';

/** What a library keeps. */
export interface DefinitionKind<D> {
  /** As references name it: `prompt`. */
  readonly kind: string;
  /** Everything that can be known to be wrong beforehand. */
  readonly check: (definition: unknown) => FieldError[];
  /** The names that it reads when a block uses it. */
  readonly reads: (definition: D) => string[];
}

export interface PublishedDefinition {
  readonly id: string;
  readonly version: number;
  /** false: the latest version has this content already. */
  readonly created: boolean;
}

/** Definitions as immutable versions with labels; each new version and label is told by an event, for runs to pin. */
export class DefinitionLibrary<D extends { readonly id: string }> {
  constructor(
    private readonly of: DefinitionKind<D>,
    private readonly database: Database,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  validate(definition: unknown): FieldError[] {
    return this.of.check(definition);
  }

  async publish(
    id: string,
    { definition, note, author }: { definition: unknown; note?: string; author: string },
  ): Promise<PublishedDefinition> {
    const faults = this.validate(definition);
    const checked = definition as D;
    if (faults.length === 0 && checked.id !== id) {
      const message = `The path says "${id}", the definition "${checked.id}"`;
      faults.push({ code: 'id-differs', field: 'id', message });
    }
    if (faults.length > 0) throw this.#refused(id, faults);
    const hash = hashJson(checked);
    return this.transactions.run(async (tx, emit) => {
      const before = await lockDefinition(tx, this.of.kind, id);
      if (before.hash === hash) return { id, version: before.latest, created: false };
      const version = before.latest + 1;
      const publishedAt = this.clock.now();
      const row = { id, version, hash, definition: checked, note: note ?? null, author, publishedAt };
      await insertDefinitionVersion(tx, this.of.kind, row);
      this.#announce(emit, { ...row, labels: [] });
      return { id, version, created: true };
    });
  }

  /** Gives a version these labels; whichever version had one loses it. */
  async label(id: string, version: number, labels: readonly string[]): Promise<DefinitionVersion<D>> {
    const { kind } = this.of;
    return this.transactions.run(async (tx, emit) => {
      await lockDefinition(tx, kind, id);
      const known = await findDefinitionVersion<D>(tx, kind, id, String(version));
      if (!known) throw this.#unknown(`${id}@${version}`);
      const lost = await moveLabels(tx, { kind, id, version, labels });
      const all = await listDefinitionVersions<D>(tx, kind, id);
      for (const one of all)
        if (one.version === version || lost.includes(one.version)) this.#announce(emit, one);
      return { ...known, labels: [...labels] };
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

  list(): Promise<DefinitionVersion<D>[]> {
    return listDefinitions<D>(this.database, this.of.kind);
  }

  async versions(id: string): Promise<DefinitionVersion<D>[]> {
    const versions = await listDefinitionVersions<D>(this.database, this.of.kind, id);
    if (versions.length === 0) throw this.#unknown(id);
    return versions;
  }

  #announce(emit: Emit, { id, version, hash, labels, definition }: DefinitionVersion<D>): void {
    const { kind, reads } = this.of;
    emit(referencePublishedV1, {
      key: `${kind}/${id}/${version}`,
      id: uuidFrom(kind, id, version, ...labels),
      data: { kind, id, version, labels, hash, reads: reads(definition) },
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
