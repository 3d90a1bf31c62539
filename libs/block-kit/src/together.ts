interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One statement for many: what comes while one is under way goes together with the next. Where several fail together
 * each is sent alone, so that one that cannot be stored takes no other with it.
 */
export class Together<Item, Answer> {
  #waiting: Waiting<Item, Answer>[] = [];
  #sending = false;

  /** `send` answers in the order of its items. */
  constructor(
    private readonly send: (items: readonly Item[]) => Promise<readonly Answer[]>,
    private readonly mostAtOnce: number,
  ) {}

  ask(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#sending) void this.#sendAll();
    });
  }

  async #sendAll(): Promise<void> {
    this.#sending = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.mostAtOnce);
      if (!(await this.#sent(batch))) for (const one of batch) await this.#alone(one);
    }
    this.#sending = false;
  }

  async #sent(batch: readonly Waiting<Item, Answer>[]): Promise<boolean> {
    if (batch.length === 1) return false;
    try {
      const answers = await this.send(batch.map(({ item }) => item));
      for (const [i, { resolve }] of batch.entries()) resolve(answers[i]!);
      return true;
    } catch {
      return false;
    }
  }

  async #alone({ item, resolve, reject }: Waiting<Item, Answer>): Promise<void> {
    try {
      resolve((await this.send([item]))[0]!);
    } catch (error) {
      reject(error);
    }
  }
}
