import type { Database } from '@duofactory/platform';

// Of this database. $1 how many
const WAITING = `SELECT count(*) >= $1 AS enough FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock'`;

/**
 * Begins works while a row that each of them locks is taken, and lets go of it once all of them wait: they meet at the
 * same point, however fast the machine is, and come through in their order. `lock` is the statement that takes the row.
 */
export async function behindALock<T>(
  database: Database,
  lock: string,
  works: readonly (() => Promise<T>)[],
): Promise<T[]> {
  const begun: Promise<T>[] = [];
  await database.transaction(async (tx) => {
    await tx.query({ text: lock });
    // Whoever fails does not wait: the failure is told below.
    let failed = false;
    let ended = false;
    for (const work of works) {
      const one = work();
      one.then(
        () => (ended = true),
        () => (failed = true),
      );
      begun.push(one);
      for (let enough = false; !enough && !failed;) {
        if (ended) throw new Error(`Work ${begun.length} of ${works.length} ended and never took the lock`);
        const values = [begun.length];
        enough = (await database.query<{ enough: boolean }>({ text: WAITING, values })).rows[0]!.enough;
      }
    }
  });
  return Promise.all(begun);
}
