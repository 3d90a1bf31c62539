import pg from 'pg';

export interface RunState {
  readonly id: string;
  readonly workflow: string;
  readonly inputs: Record<string, unknown>;
  readonly status: string;
  readonly reason: string | null;
  readonly parent: { readonly run: string } | null;
}

export interface LedgerRow {
  readonly lineage: string;
  readonly block: string;
  readonly key: string;
  readonly sample: number;
  readonly step: string;
  readonly state: string;
  /** How often it was begun and never seen to end: so often it may have happened beside the one that is known. */
  readonly interrupted: number;
}

/** What lies in the product's database, read by a client of its own that no fault reaches. */
export class State {
  readonly #pool: pg.Pool;

  constructor(url: string) {
    this.#pool = new pg.Pool({ connectionString: url, max: 2 });
    this.#pool.on('error', () => undefined);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  runs(): Promise<RunState[]> {
    return this.#rows(
      `SELECT id, workflow, inputs, status, reason, parent FROM orchestrator.runs ORDER BY created_at`,
    );
  }

  /** Block, key, order, state and value of all results, as text: what must be the same. */
  async results(run: string): Promise<string[]> {
    const rows = await this.#rows<{ row: string }>(
      `SELECT jsonb_build_array(block, key, ord, state, value)::text AS row
       FROM orchestrator.results WHERE run = $1 ORDER BY 1`,
      [run],
    );
    return rows.map(({ row }) => row);
  }

  /** Block, key, sample and status of all tasks. */
  async tasks(run: string): Promise<string[]> {
    const rows = await this.#rows<{ row: string }>(
      `SELECT concat_ws(' ', block, key, sample, status) AS row FROM orchestrator.tasks WHERE run = $1 ORDER BY 1`,
      [run],
    );
    return rows.map(({ row }) => row);
  }

  /** All that is written of runs that have ended, but answers that were ignored. */
  async settled(): Promise<string[]> {
    const rows = await this.#rows<{ row: string }>(
      `WITH ended AS (SELECT * FROM orchestrator.runs WHERE ended_at IS NOT NULL)
       SELECT concat_ws(' ', 'run', r.id, r.status, r.reason, r.errors, r.open_work, r.ended_at) AS row FROM ended r
       UNION ALL SELECT concat_ws(' ', 'result', r) FROM orchestrator.results r WHERE r.run IN (SELECT id FROM ended)
       UNION ALL SELECT concat_ws(' ', 'task', t) FROM orchestrator.tasks t WHERE t.run IN (SELECT id FROM ended)
       ORDER BY 1`,
    );
    return rows.map(({ row }) => row);
  }

  /** The process, by the name it gave its connection, that waits for a lock of this table. */
  async waitsFor(table: string): Promise<string | undefined> {
    const [row] = await this.#rows<{ name: string }>(
      `SELECT a.application_name AS name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
       WHERE NOT l.granted AND l.relation = $1::regclass ORDER BY a.query_start LIMIT 1`,
      [table],
    );
    return row?.name;
  }

  /** Nobody writes to the table while this goes on. */
  async holding(table: string, work: () => Promise<void>): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(`LOCK TABLE ${table} IN SHARE MODE`);
      await work();
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  }

  ledger(): Promise<LedgerRow[]> {
    return this.#rows(`SELECT lineage, block, key, sample, step, state, interrupted FROM soak_worker.ledger`);
  }

  settledTwice(): Promise<{ task: string; times: number }[]> {
    return this.#rows(
      `SELECT task, count(*)::int AS times FROM orchestrator.all_attempts
       WHERE settled AND outcome = 'completed' GROUP BY task HAVING count(*) > 1`,
    );
  }

  /** Of runs that have ended: what should be nothing. */
  leftOpen(): Promise<{ what: string }[]> {
    return this.#rows(
      `SELECT format('task %s of run %s is %s', t.id, r.id, t.status) AS what
         FROM orchestrator.tasks t JOIN orchestrator.runs r ON r.id = t.run
         WHERE r.status IN ('completed', 'partial') AND t.status NOT IN ('done', 'dropped', 'kept')
       UNION ALL
       SELECT format('run %s ended with %s open', id, open_work) FROM orchestrator.runs
         WHERE status IN ('completed', 'partial') AND open_work <> 0
       UNION ALL
       SELECT format('block %s of run %s counts %s open, %s ready, %s requested', b.block, b.run, b.open_work, b.ready, b.requested)
         FROM orchestrator.blocks b JOIN orchestrator.runs r ON r.id = b.run
         WHERE r.status IN ('completed', 'partial') AND (b.open_work <> 0 OR b.ready <> 0 OR b.requested <> 0)
       UNION ALL
       SELECT format('block %s of run %s counts %s tasks and %s done, and has %s and %s', b.block, b.run, b.tasks, b.done, t.tasks, t.done)
         FROM orchestrator.blocks b JOIN orchestrator.runs r ON r.id = b.run
         CROSS JOIN LATERAL (SELECT count(*) AS tasks, count(*) FILTER (WHERE status = 'done') AS done
           FROM orchestrator.tasks t WHERE t.run = b.run AND t.block = b.block) t
         WHERE r.status IN ('completed', 'partial') AND (b.tasks <> t.tasks OR b.done <> t.done)`,
    );
  }

  async counts(): Promise<Record<string, number>> {
    const [row] = await this.#rows<Record<string, number>>(
      `SELECT (SELECT count(*)::int FROM orchestrator.runs) AS runs,
              (SELECT count(*)::int FROM orchestrator.runs WHERE ended_at IS NULL) AS "openRuns",
              (SELECT count(*)::int FROM orchestrator.tasks) AS tasks,
              (SELECT count(*)::int FROM orchestrator.all_attempts) AS answers,
              (SELECT count(*)::int FROM orchestrator.all_attempts WHERE NOT settled) AS "answersIgnored",
              (SELECT count(*)::int FROM orchestrator.outbox) + (SELECT count(*)::int FROM soak_worker.outbox) AS outbox,
              (SELECT coalesce(sum(interrupted), 0)::int FROM soak_worker.ledger) AS interrupted`,
    );
    return row!;
  }

  async #rows<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#pool.query(text, values)).rows as Row[];
  }
}
