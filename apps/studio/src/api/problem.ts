export interface FieldFault {
  readonly field: string;
  readonly message: string;
  readonly code?: string;
}

/** The service refused: problem details (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    detail: string,
    readonly errors: readonly FieldFault[] = [],
    /** What the problem says besides, such as who has a slot. */
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
  }

  /** Under which the log of the service tells why, where it is the service's fault. */
  get requestId(): string | undefined {
    const { requestId } = this.more;
    return typeof requestId === 'string' ? requestId : undefined;
  }
}

/** Nobody answered. What is on the screen stays; the next try may reach it. */
export class ServerAway extends Error {
  override readonly name = 'ServerAway';
  constructor(cause?: unknown) {
    super('The server was not reached. Try again in a moment.', { cause });
  }
}

/** Of what has no draft, nothing differs from what is published. */
export const isNoDraft = (error: unknown): boolean =>
  error instanceof ApiProblem && error.code === 'no-draft';

/** What was asked for is not there: to ask again finds nothing either. */
export const isMissing = (error: unknown): boolean => error instanceof ApiProblem && error.status === 404;

/** A router or a starting host answers for the server. */
const AWAY = new Set([502, 503, 504]);

interface Called<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** What was answered. Throws ApiProblem or ServerAway. */
export async function answer<T>(call: Promise<Called<T>>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw new ServerAway(cause);
  });
  if (response.ok) return data as T;
  throw problemOf(response.status, error);
}

/** Problem details as the error that screens know. */
export function problemOf(status: number, error: unknown): Error {
  const told = (typeof error === 'object' ? error : null) as {
    code?: string;
    title?: string;
    detail?: string;
    errors?: FieldFault[];
  } | null;
  if (told?.code === undefined) {
    if (AWAY.has(status)) return new ServerAway();
    return new ApiProblem(
      status,
      `http-${status}`,
      'The request is refused',
      `The server answered ${status}`,
    );
  }
  const title = told.title ?? 'The request is refused';
  return new ApiProblem(status, told.code, title, told.detail ?? title, told.errors, { ...told });
}

/** What is wrong with a field, by its name in the request. */
export function faultOf(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const message = error.errors.find((one) => one.field === field)?.message;
  return message === undefined ? undefined : withoutName(message, field);
}

/** Beside its label a field needs no second name: `headerRow must be 1` is "Must be 1". */
function withoutName(message: string, field: string): string {
  const name = `${field.split('.').at(-1)!} `;
  if (!message.startsWith(name)) return message;
  return message.charAt(name.length).toUpperCase() + message.slice(name.length + 1);
}

/** The same for one field that holds several: each fault with its place in it. */
export function faultWithin(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const within = error.errors.filter((one) => one.field === field || one.field.startsWith(`${field}.`));
  if (within.length === 0) return undefined;
  return within
    .map((one) =>
      one.field === field ? one.message : `${one.field.slice(field.length + 1)}: ${one.message}`,
    )
    .join('; ');
}
