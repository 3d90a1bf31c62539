import { FsObjectStore, type PutCondition } from '@duofactory/objects';

/** A store that is slow with one object: whoever puts a name with `part` waits there until it is let go. */
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
    if (name.includes(this.part)) {
      this.#reached.resolve();
      await this.#gate.promise;
    }
    return super.putNamed(name, bytes, type, condition);
  }
}
