/**
 * How an attempt is told to give up, once. Its signal is made when somebody asks for it: most attempts end before, and a
 * signal with its listener costs more than a short block.
 */
export class Interruption {
  #reason: string | undefined;
  #controller: AbortController | undefined;
  #leave: (() => void) | undefined;

  get reason(): string | undefined {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  abort(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    this.#leave?.();
  }

  /** Work that ignores the signal is left behind: its own rejection must not end the process. */
  async unless<T>(work: Promise<T>): Promise<T> {
    if (this.#reason !== undefined) {
      work.catch(() => undefined);
      throw new Error(this.#reason);
    }
    return new Promise((resolve, reject) => {
      this.#leave = () => reject(new Error(this.#reason));
      work.then(resolve, reject);
    });
  }
}
