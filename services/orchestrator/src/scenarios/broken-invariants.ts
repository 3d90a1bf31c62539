import { cutKey, type Plan } from '@duofactory/engine';
import type { Database } from '@duofactory/platform';

/** Each query finds what must not be. Numbers are those of the engine's invariants. */
const CHECKS: Record<string, string> = {
  '1 a task settles at most once': `
    SELECT a.task FROM all_attempts a JOIN tasks t ON t.id = a.task
    WHERE t.run = $1 AND a.settled AND a.outcome = 'completed' GROUP BY a.task HAVING count(*) > 1`,
  "3 the run's open work is the sum of its blocks'": `
    SELECT r.open_work, sum(b.open_work) AS sum FROM runs r JOIN blocks b ON b.run = r.id
    WHERE r.id = $1 GROUP BY r.open_work HAVING r.open_work <> sum(b.open_work)`,
  '3 counters of tasks equal their recounts': `
    SELECT b.block FROM blocks b LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE status <> 'evaluating') AS tasks, count(*) FILTER (WHERE status = 'ready') AS ready,
        count(*) FILTER (WHERE status IN ('requested', 'expanding')) AS requested, count(*) FILTER (WHERE status = 'done') AS done,
        count(*) FILTER (WHERE status IN ('failed', 'dropped', 'kept')) AS failed
      FROM tasks t WHERE t.run = b.run AND t.block = b.block) c ON true
    WHERE b.run = $1 AND (b.tasks, b.ready, b.requested, b.done, b.failed)
      IS DISTINCT FROM (c.tasks, c.ready, c.requested, c.done, c.failed)`,
  '3 counters of payloads equal their recounts': `
    SELECT b.block, b.payloads FROM blocks b WHERE b.run = $1 AND b.payloads IS DISTINCT FROM (
      SELECT count(*) FROM results r WHERE r.run = b.run AND r.block = b.block)`,
  '9 an ended run has no requested task': `
    SELECT t.id FROM tasks t JOIN runs r ON r.id = t.run
    WHERE r.id = $1 AND r.ended_at IS NOT NULL AND t.status IN ('requested', 'expanding')`,
  'a run that ended well has no open work, and every group has fired': `
    SELECT r.open_work, g.block, g.key FROM runs r LEFT JOIN groups g
      ON g.run = r.id AND (g.state IN ('open', 'expanding', 'deciding', 'exhausted') OR g.open_work <> 0)
    WHERE r.id = $1 AND r.status IN ('completed', 'partial') AND (r.open_work <> 0 OR g.block IS NOT NULL)`,
  'an ended run has nothing left to bear, but joins and samples that were cut short': `
    SELECT e.block, e.key FROM expansions e JOIN runs r ON r.id = e.run
    WHERE r.id = $1 AND (r.status IN ('completed', 'partial') OR (r.ended_at IS NOT NULL AND (r.final OR e.sample > 0)))`,
  'an ended run has no step to go on with': `
    SELECT u.run FROM unfinished_steps u JOIN runs r ON r.id = u.run WHERE r.id = $1 AND r.ended_at IS NOT NULL`,
  '11 the outbox is empty': `SELECT id FROM outbox WHERE $1::uuid IS NOT NULL`,
  '13 completed: no error; partial: at least one': `
    SELECT r.status, r.errors FROM runs r WHERE r.id = $1 AND (
      (r.status = 'completed' AND (r.errors <> 0 OR EXISTS (
        SELECT 1 FROM tasks t WHERE t.run = r.id AND t.status IN ('failed', 'dropped', 'kept'))))
      OR (r.status = 'partial' AND r.errors = 0))`,
  '14 a reused task has a hash and no request': `
    SELECT t.id FROM tasks t WHERE t.run = $1 AND t.reused_from IS NOT NULL AND (t.input_hash IS NULL OR t.attempt <> 0
      OR t.status NOT IN ('done', 'expanding') OR EXISTS (SELECT 1 FROM all_attempts a WHERE a.task = t.id))`,
};

interface OpenRow {
  readonly block: string;
  readonly key: string;
  readonly signature: readonly string[];
}

interface GroupRow {
  readonly block: string;
  readonly key: string;
  readonly openWork: number;
  readonly state: string;
}

/** The invariants that do not hold for a run, recounted from the tables. */
export async function brokenInvariants(database: Database, plan: Plan, run: string): Promise<string[]> {
  const broken: string[] = [];
  for (const [name, text] of Object.entries(CHECKS)) {
    const { rows } = await database.query({ text, values: [run] });
    if (rows.length > 0) broken.push(`${name}: ${JSON.stringify(rows.slice(0, 3))}`);
  }
  return (await isGivenUp(database, plan, run))
    ? broken
    : [...broken, ...(await recount(database, plan, run))];
}

/** What was cut short for good, of a join or of samples, is forgotten, and cannot be counted. */
async function isGivenUp(database: Database, plan: Plan, run: string): Promise<boolean> {
  const text = `SELECT EXISTS (SELECT FROM groups WHERE run = r.id AND state = 'expanding') AS joins
    FROM runs r WHERE r.id = $1 AND r.final AND r.ended_at IS NOT NULL`;
  const [ended] = (await database.query<{ joins: boolean }>({ text, values: [run] })).rows;
  return ended !== undefined && (ended.joins || plan.blocks.some(({ times }) => times > 1));
}

/** 3 and 4: every count of open work, from the open rows one by one. */
async function recount(database: Database, plan: Plan, run: string): Promise<string[]> {
  const read = async <Row>(text: string): Promise<Row[]> =>
    (await database.query<Row>({ text, values: [run] })).rows;
  const tasks = await read<{ block: string; key: string }>(
    `SELECT block, key FROM tasks WHERE run = $1
     AND status IN ('evaluating', 'ready', 'requested', 'expanding', 'backoff', 'failed')
     UNION ALL SELECT e.block, e.key FROM expansions e CROSS JOIN jsonb_array_elements(e.payloads) p
     CROSS JOIN generate_series((p->>'first')::int, (p->>'last')::int) WHERE e.run = $1 AND e.sample < 0`,
  );
  const waited = await read<{ block: string; group: string; need: string; key: string }>(
    `SELECT block, "group", need, key FROM waiting WHERE run = $1`,
  );
  // Where what waited is used up piece by piece, what is left of it.
  const left = await read<{ block: string; group: string; need: string; key: string }>(
    `SELECT e.block, e.key AS group, p->>'need' AS need, p->>'key' AS key
     FROM expansions e CROSS JOIN jsonb_array_elements(e.payloads) p WHERE e.run = $1 AND e.used_up`,
  );
  const inPieces = new Set(left.map(({ block, group }) => `${block}\n${group}`));
  const waiting = [...waited.filter(({ block, group }) => !inPieces.has(`${block}\n${group}`)), ...left];
  const groups = await read<GroupRow>(
    `SELECT block, key, open_work::int AS "openWork", state FROM groups WHERE run = $1`,
  );
  const blocks = await read<{ block: string; openWork: number }>(
    `SELECT block, open_work::int AS "openWork" FROM blocks WHERE run = $1`,
  );
  const stateOf = new Map(groups.map(({ block, key, state }) => [`${block}\n${key}`, state]));
  const busy = new Set(tasks.map(({ block, key }) => `${block}\n${key}`));
  const open: OpenRow[] = [
    ...tasks.map((one) => ({ ...one, signature: plan.byId.get(one.block)!.taskSignature })),
    ...waiting
      .filter(({ block, group }) => {
        const name = `${block}\n${group}`;
        const state = stateOf.get(name)!;
        // A fired group's payloads count on until the task of an `all` block settles.
        return state === 'fired'
          ? plan.byId.get(block)!.input === 'all' && busy.has(name)
          : state !== 'closed';
      })
      .map(({ block, need, key }) => ({ block, key, signature: plan.byId.get(need)!.signature })),
    ...groups
      .filter(({ state }) => state === 'exhausted')
      .map(({ block, key }) => ({ block, key, signature: plan.byId.get(block)!.taskSignature })),
  ];
  const broken: string[] = [];
  for (const { block, openWork } of blocks) {
    const unfired = groups.filter(
      (group) => group.block === block && ['open', 'expanding'].includes(group.state),
    ).length;
    const counted = open.filter((row) => row.block === block).length + unfired;
    if (counted !== openWork) broken.push(`3 open work of ${block} is ${openWork}, recounted ${counted}`);
  }
  for (const { block, key, openWork } of groups) {
    const { above, scope } = plan.byId.get(block)!;
    const counted = open.filter(
      (row) =>
        above.includes(row.block) &&
        scope!.every((segment) => row.signature.includes(segment)) &&
        cutKey(row.key, scope!) === key,
    ).length;
    if (counted !== openWork)
      broken.push(`4 open work of ${block} "${key}" is ${openWork}, recounted ${counted}`);
  }
  return broken;
}
