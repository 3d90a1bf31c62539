/** One `publish` under way: resolves when every group acknowledged every message of it. */
export class Ticket {
  readonly settled: Promise<void>;
  #open: number;
  #resolve: () => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(open: number) {
    this.#open = open;
    this.settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  acknowledge(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#resolve();
  }

  abandon(reason: Error): void {
    this.#reject(reason);
  }
}
