import pg from 'pg';

/** Two hosts with buses of their own would each hand out the other's messages. */
export class AnotherHostRuns extends Error {
  readonly code = 'another-host-runs';
  constructor() {
    super(
      'Another DuoFactory host works on this data: stop it, or give this one its own DUOFACTORY_DATA_DIR',
    );
  }
}

/** Holds a lock of the database as long as the connection lives: it is free again after any end of the process. */
export async function becomeSoleHost(databaseUrl: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
  // The database away: its restart frees the lock, and the services say that it is away.
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ free: boolean }>(
    `SELECT pg_try_advisory_lock(hashtext('duofactory-host')) AS free`,
  );
  if (!rows[0]?.free) {
    await client.end();
    throw new AnotherHostRuns();
  }
  return () => client.end().catch(() => undefined);
}
