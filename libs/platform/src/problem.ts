export interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly [extra: string]: unknown;
}

export interface ProblemOptions {
  readonly status: number;
  /** Stable, kebab-case: what programs look at. */
  readonly code: string;
  readonly title: string;
  /** What is wrong with which thing, and what to do. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  /** Further members of the problem details. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** An error that a client can do something about: problem details of RFC 9457. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly errors: readonly FieldError[] | undefined;
  readonly more: Readonly<Record<string, unknown>> | undefined;
  /** Sent again it would fail again: a message that causes it is parked at once. */
  readonly terminal: boolean;

  constructor({ status, code, title, detail, errors, more }: ProblemOptions, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.title = title;
    this.errors = errors;
    this.more = more;
    this.terminal = status < 500 && status !== 429;
  }

  toJSON(): Record<string, unknown> {
    return {
      ...this.more,
      type: `urn:duofactory:problem:${this.code}`,
      title: this.title,
      status: this.status,
      code: this.code,
      detail: this.message,
      ...(this.errors ? { errors: this.errors } : {}),
    };
  }
}
