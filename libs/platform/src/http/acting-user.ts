import { userOfHeader } from '@duofactory/contracts';
import type { IncomingMessage, ServerResponse } from 'node:http';

const HEADER = 'x-duofactory-user';

/** Who acts, by a name of any script: controllers read the header as the name that it carries. */
export function readActingUser(request: IncomingMessage, _: ServerResponse, next: () => void): void {
  const header = request.headers[HEADER];
  if (typeof header === 'string') request.headers[HEADER] = userOfHeader(header);
  next();
}
