/** Thrown at start: names the variable, what of its value could not be reached, and what to do. Never a password. */
export class PartNotReached extends Error {
  readonly code = 'part-not-reached';
  override readonly name = 'PartNotReached';

  constructor(variable: string, said: string, { cause }: { cause: unknown }) {
    super(`${variable}: ${said}`, { cause });
  }
}
