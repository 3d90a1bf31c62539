import pg from 'pg';
import { PartNotReached } from './part-not-reached.js';

const VARIABLE = 'DUOFACTORY_DATABASE_URL';
const CONNECT_TIMEOUT_MS = 5_000;
const RIGHTS = `SELECT has_database_privilege(current_database(), 'CREATE') AS creates`;

/**
 * Before anything is started on a database of someone's own: throws PartNotReached where it is not there, does not let
 * us in, or gives no right to make the services' schemas.
 */
export async function reachDatabase(url: string): Promise<void> {
  const client = clientOf(url);
  // Said again by what is under way.
  client.on('error', () => undefined);
  let creates: boolean;
  try {
    await client.connect();
    const { rows } = await client.query<{ creates: boolean }>(RIGHTS);
    creates = rows[0]!.creates;
  } catch (cause) {
    throw new PartNotReached(VARIABLE, remedyOf(cause as NodeJS.ErrnoException, client), { cause });
  } finally {
    await client.end().catch(() => undefined);
  }
  if (!creates) {
    const { user, database } = client;
    const said = `user "${user}" may not make schemas in "${database}". Run: GRANT CREATE ON DATABASE "${database}" TO "${user}"`;
    throw new PartNotReached(VARIABLE, said, { cause: undefined });
  }
}

function clientOf(url: string): pg.Client {
  try {
    return new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  } catch {
    // Its cause would show the URL with its password.
    const said =
      'cannot be read as postgres://user:password@host:5432/database. What is special in a password is written as %XX';
    throw new PartNotReached(VARIABLE, said, { cause: undefined });
  }
}

// SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
function remedyOf({ code = '', message }: NodeJS.ErrnoException, client: pg.Client): string {
  const { host, port, user, database } = client;
  const place = `${host}:${port}`;
  // Where the URL has no password, or the server another way to ask for it, it is the driver that gives up.
  switch (message.startsWith('SASL') ? 'SASL' : code) {
    case 'SASL':
    case '28P01':
    case '28000':
      return `PostgreSQL at ${place} does not let user "${user}" in (${message}). Check user and password`;
    case '3D000':
      return `PostgreSQL at ${place} has no database "${database}". Make it (CREATE DATABASE "${database}"), or name another`;
    case '42501':
      return `PostgreSQL at ${place} does not let user "${user}" into "${database}" (${message}). Run: GRANT CONNECT ON DATABASE "${database}" TO "${user}"`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `no machine is known by the name "${host}" (${code}). Check the host`;
    default:
      return /^[0-9A-Z]{5}$/.test(code)
        ? `PostgreSQL at ${place} takes no connection (${message}). Start again once it does`
        : `no PostgreSQL answers at ${place} (${message || code}). Start it, check host and port, or unset the variable for the embedded one`;
  }
}
