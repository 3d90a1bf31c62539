/** The service answered that it cannot: problem details. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly errors: readonly { field: string; message: string; code?: string }[] = [],
  ) {
    super(message);
    this.name = 'ApiProblem';
  }
}

/** Nobody answers at the address, or whoever did broke off. */
export class ServerAway extends Error {
  constructor(url: string, cause: unknown) {
    super(whyAway(url, cause), { cause });
    this.name = 'ServerAway';
  }
}

/** Nothing was sent. */
const NOBODY_THERE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function whyAway(url: string, error: unknown): string {
  const { code, message } = ((error as Error).cause ?? error) as { code?: unknown; message?: string };
  if (typeof code === 'string' && NOBODY_THERE.has(code))
    return `Nothing answers at ${url}: start DuoFactory with "npm start" or "duofactory up", or give its address by --url`;
  const why = typeof code === 'string' ? code : message;
  return `The connection to ${url} broke (${why}): what was asked for may have happened. Look, then try again`;
}

/** The REST API of the product, as commands use it. */
export class Api {
  constructor(readonly url: string) {}

  get<T>(path: string): Promise<T> {
    return this.#json('GET', path);
  }

  post<T>(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    return this.#json('POST', path, body === undefined ? undefined : JSON.stringify(body), {
      'content-type': 'application/json',
      ...headers,
    });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#json('PATCH', path, JSON.stringify(body), { 'content-type': 'application/json' });
  }

  put<T>(
    path: string,
    body: string | Uint8Array,
    mediaType: string,
    headers: Record<string, string> = {},
  ): Promise<T> {
    return this.#json('PUT', path, body, { 'content-type': mediaType, ...headers });
  }

  async delete(path: string, headers: Record<string, string> = {}): Promise<void> {
    const response = await this.#fetch(path, { method: 'DELETE', headers });
    if (!response.ok) throw await problemOf(response);
  }

  async stream(path: string, headers: Record<string, string> = {}): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#fetch(path, { headers: { accept: 'text/event-stream', ...headers } });
    if (!response.ok || !response.body) throw await problemOf(response);
    return response.body;
  }

  async #json<T>(
    method: string,
    path: string,
    body?: string | Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const response = await this.#fetch(path, {
      method,
      headers: { accept: 'application/json', ...headers },
      ...(body === undefined ? {} : { body: body }),
    });
    if (!response.ok) throw await problemOf(response);
    const text = await response.text().catch((error: unknown) => {
      throw new ServerAway(this.url, error);
    });
    return JSON.parse(text) as T;
  }

  #fetch(path: string, init: RequestInit): Promise<Response> {
    return fetch(new URL(path, this.url), init).catch((error: unknown) => {
      throw new ServerAway(this.url, error);
    });
  }
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const text = await response.text();
  try {
    const { code, detail, title, errors } = JSON.parse(text) as {
      code?: string;
      detail?: string;
      title?: string;
      errors?: ApiProblem['errors'];
    };
    return new ApiProblem(
      response.status,
      code ?? `http-${response.status}`,
      detail ?? title ?? text,
      errors,
    );
  } catch {
    return new ApiProblem(response.status, `http-${response.status}`, text || response.statusText);
  }
}
