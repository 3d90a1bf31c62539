import { FsObjectStore, type NamedObject, type PutCondition } from '@duofactory/objects';

/** A store that is slow with one object: whoever puts or reads a name with `part` waits there until it is let go. */
export class HeldStore extends FsObjectStore {
  readonly #reached = Promise.withResolvers<void>();
  readonly #gate = Promise.withResolvers<void>();

  constructor(
    folder: string,
    private readonly part: string,
  ) {
    super(folder);
  }

  /** Somebody waits there. */
  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  letGo(): void {
    this.#gate.resolve();
  }

  override async putNamed(name: string, bytes: Uint8Array, type: string, condition?: PutCondition) {
    await this.#wait(name);
    return super.putNamed(name, bytes, type, condition);
  }

  override async getNamed(name: string): Promise<NamedObject | undefined> {
    await this.#wait(name);
    return super.getNamed(name);
  }

  async #wait(name: string): Promise<void> {
    if (!name.includes(this.part)) return;
    this.#reached.resolve();
    await this.#gate.promise;
  }
}
