import { Database } from '@duofactory/platform';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '../../src/index.js';
import { TcpProxy } from '../../src/network/tcp-proxy.js';

const LOCK = `UPDATE taken SET n = n + 1 WHERE id = 1`;
/** More than a wire holds, once somebody lets go of lock 7. */
const LARGE = `SELECT repeat('x', 1000) FROM (SELECT pg_advisory_xact_lock(7)) AS allowed, generate_series(1, 100000)`;
const WAITS = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted`;

describe('a process that stops inside a transaction keeps no lock', () => {
  const postgres = useDatabase('taken', []);
  let wire: TcpProxy;
  let stopped: Database;

  beforeAll(async () => {
    await postgres.current.query({ text: 'CREATE TABLE taken (id int PRIMARY KEY, n int NOT NULL)' });
    await postgres.current.query({ text: 'INSERT INTO taken VALUES (1, 0)' });
    const { hostname: host, port } = new URL(postgres.url);
    wire = await TcpProxy.open({ host, port: Number(port) });
    stopped = await Database.open({ url: wire.through(postgres.url), schema: 'taken', migrations: [] });
  });

  afterAll(async () => {
    wire.mend();
    await stopped.close();
    await wire.close();
  });

  const n = async (): Promise<number> => {
    const { rows } = await postgres.current.query<{ n: number }>({ text: 'SELECT n FROM taken' });
    return rows[0]!.n;
  };

  it('between two statements', async () => {
    const before = await n();
    let broken: Promise<unknown> | undefined;
    await new Promise<void>((locked) => {
      broken = stopped.transaction(async (tx) => {
        await tx.query({ text: LOCK });
        wire.hold();
        locked();
        await tx.query({ text: LOCK });
      });
    });
    broken!.catch(() => undefined);

    await postgres.current.query({ text: LOCK });

    wire.mend();
    await expect(broken).rejects.toThrow();
    expect(await n()).toBe(before + 1);
  });

  it('while it reads what a statement gave', async () => {
    const before = await n();
    let broken: Promise<unknown> | undefined;
    await postgres.current.transaction(async (tx) => {
      await tx.query({ text: 'SELECT pg_advisory_xact_lock(7)' });
      broken = stopped.transaction(async (other) => {
        await other.query({ text: LOCK });
        await other.query({ text: LARGE });
      });
      broken.catch(() => undefined);
      while ((await tx.query({ text: WAITS })).rows.length === 0);
      wire.hold();
    });

    await postgres.current.query({ text: LOCK });

    wire.mend();
    await expect(broken).rejects.toThrow();
    expect(await n()).toBe(before + 1);
  });
});
