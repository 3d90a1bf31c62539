import { hashJson, type BlockRequested } from '@duofactory/contracts';
import type { Plan } from '@duofactory/engine';
import { Problem } from '@duofactory/platform';
import type { BlockOutcome } from '../app/advance/block-outcome.js';
import { Answers, MissingAnswer, taskName, type Lane, type LaneEvent } from './answers.js';
import type { Difference } from './difference.js';
import { randomFrom } from './random.js';
import type { Command, Control, Quiet, TaskName } from './scenario.js';
import type { Stage, Surroundings } from './stage.js';

const DUPLICATE_SHARE = 0.2;
const DIE_SHARE = 0.1;
const RESTART_SHARE = 0.1;
const MOST_AT_ONCE = 6;
const STOP_GRACE_MS = 31_000;
const SETTLED = ['done', 'dropped', 'kept', 'failed'];

export interface RunPlay {
  readonly differences: Difference[];
  readonly statusBeforeRetry: string | undefined;
  /** Tasks that were requested, each once. */
  readonly published: ReadonlySet<string>;
}

interface Play {
  readonly stage: Stage;
  readonly on: Surroundings;
  readonly run: string;
  readonly plan: Plan;
  readonly answers: Answers;
  readonly control: readonly Control[];
  readonly atQuiet: Quiet | undefined;
  readonly then: readonly Command[];
  readonly seed: number;
}

/**
 * Plays one run to its end: answers in random order, in batches, some twice; now and then the process is dropped, also
 * between commit and publication. Held answers come when nothing else happens.
 */
export async function playRun(play: Play): Promise<RunPlay> {
  return new Player(play).play();
}

class Player {
  readonly #random: () => number;
  readonly #lanes: Lane[] = [];
  readonly #held: { until: 'quiet' | 'cancelled'; task: TaskName; lane: Lane }[] = [];
  readonly #control: Control[];
  readonly #then: Command[];
  readonly #attempts = new Map<string, { name: string; attempts: Set<number> }>();
  readonly #differences: Difference[] = [];
  /** Of each task the hash of what its services were given. */
  readonly #inputs = new Map<string, string>();
  readonly #given: BlockOutcome[] = [];
  #statusBeforeRetry: string | undefined;
  #quietChecked = false;
  #retried = false;

  constructor(private readonly of: Play) {
    this.#random = randomFrom(of.seed);
    this.#control = [...of.control];
    this.#then = [...of.then];
  }

  async play(): Promise<RunPlay> {
    try {
      while (await this.#next());
    } catch (error) {
      if (!(error instanceof MissingAnswer)) throw error;
      this.#differences.push({ what: 'services', expected: error.message, got: 'none in the file' });
    }
    await this.#checkAttempts();
    await this.#checkLateDuplicates();
    return {
      differences: this.#differences,
      statusBeforeRetry: this.#statusBeforeRetry,
      published: new Set([...this.#attempts.values()].map(({ name }) => name)),
    };
  }

  /** One thing more. Returns false when nothing can happen any more. */
  async #next(): Promise<boolean> {
    const { stage } = this.of;
    if (this.#random() < RESTART_SHARE) stage.restart();
    await this.#take();
    if (await this.#controlAfter()) return true;
    if (await this.#releaseCancelled()) return true;
    if (this.#random() < 0.5 && (await this.#decide())) return true;
    if (this.#random() < 0.5 && (await this.#expand())) return true;
    if (await this.#answer()) return true;
    if (await this.#decide()) return true;
    if (await this.#expand()) return true;
    if (await this.#passTime()) return true;
    if (await this.#controlAtQuiet()) return true;
    if (!this.#quietChecked) {
      this.#quietChecked = true;
      await this.#checkQuiet(this.of.atQuiet);
    }
    if (this.#held.length > 0) {
      for (const { lane } of this.#held.splice(0)) this.#lanes.push(lane);
      return true;
    }
    if (await this.#endStopping()) return true;
    const command = this.#then.shift();
    if (command === undefined) return false;
    await this.#command(command);
    return true;
  }

  async #take(): Promise<void> {
    await this.#checkConcurrency();
    for (const request of await this.of.stage.take()) {
      if (request.run !== this.of.run) continue;
      this.#checkInput(request);
      const { block, key, sample, task, attempt } = request;
      let known = this.#attempts.get(task);
      const first = known === undefined;
      known ??= { name: `${block} "${key}" ${sample}`, attempts: new Set() };
      this.#attempts.set(task, known);
      if (known.attempts.has(attempt)) continue;
      known.attempts.add(attempt);
      const { answers } = this.of;
      await this.#checkPayloads(request);
      const script = answers.script(request);
      if (script) {
        if (first) this.#enter(request, { task, events: script, scripted: true });
        continue;
      }
      const outcome = answers.answer(request, this.#retried);
      this.#enter(request, { task, events: [{ kind: 'answer', outcome }], scripted: false });
    }
  }

  #enter(request: BlockRequested, lane: Lane): void {
    const hold = this.of.answers.hold(request);
    if (hold) this.#held.push({ ...hold, lane });
    // A task to which nothing happens stands in nobody's way.
    else if (lane.events.length > 0) this.#lanes.push(lane);
  }

  /** Some answers, in one batch; or one attempt is lost. */
  async #answer(): Promise<boolean> {
    const { stage } = this.of;
    const batch: BlockOutcome[] = [];
    const most = 1 + Math.floor(this.#random() * MOST_AT_ONCE);
    while (batch.length < most) {
      const ready = this.#lanes.filter((lane) => this.#mayGoOn(lane));
      const lane = ready[Math.floor(this.#random() * ready.length)];
      const event = lane?.events[0];
      if (!lane || !event || (event.kind !== 'answer' && batch.length > 0)) break;
      lane.events.shift();
      if (lane.events.length === 0) this.#lanes.splice(this.#lanes.indexOf(lane), 1);
      if (event.kind === 'lost') {
        await this.#lose(lane.task, event);
        return true;
      }
      if (event.kind === 'publish') return true;
      batch.push(event.outcome);
      if (!lane.scripted && this.#random() < DUPLICATE_SHARE) batch.push({ ...event.outcome });
    }
    if (batch.length === 0) return false;
    this.#given.push(...batch);
    if (this.#random() < DIE_SHARE) await stage.settleAndDie(batch);
    else await stage.parts.advance.settle(batch);
    return true;
  }

  #mayGoOn({ task, events: [event] }: Lane): boolean {
    return event?.kind !== 'publish' || this.#attempts.get(task)!.attempts.has(event.attempt);
  }

  /** Nobody answers in time: the attempt is made overdue, and the sweep finds it. */
  async #lose(task: string, { attempt }: LaneEvent & { kind: 'lost' }): Promise<void> {
    const { stage, on } = this.of;
    const text = `UPDATE tasks SET due_at = $3 WHERE id = $1 AND attempt = $2 AND status = 'requested'`;
    const { rowCount } = await on.database.query({ text, values: [task, attempt, stage.clock.now()] });
    if (rowCount !== 1) {
      const what = `${this.#attempts.get(task)!.name}`;
      this.#differences.push({ what, expected: `attempt ${attempt} out, to be lost`, got: 'it is not out' });
    }
    await stage.parts.advance.sweep({ unbegun: true });
  }

  #decide(): Promise<boolean> {
    return this.of.stage.parts.decide.look([this.of.run]);
  }

  #expand(): Promise<boolean> {
    return this.of.stage.parts.expand.look(this.of.run);
  }

  /** Sweeps, and moves the clock to the next back-off. Returns whether anything came of it. */
  async #passTime(): Promise<boolean> {
    const { stage, on, run } = this.of;
    const text = `SELECT seq::float8 AS seq, status, (SELECT min(due_at) FROM tasks WHERE run = $1 AND status = 'backoff')
      AS due FROM runs WHERE id = $1`;
    const look = async () =>
      (await on.database.query<{ seq: number; status: string; due: Date | null }>({ text, values: [run] }))
        .rows[0]!;
    const before = await look();
    const waitMs = before.due ? before.due.getTime() - stage.clock.now().getTime() : 0;
    if (waitMs > 0) stage.clock.advance(waitMs);
    // A run that stops must not lose its grace here: what is held may still come.
    await stage.sweep();
    const requests = this.#attempts.size;
    const lanes = this.#lanes.length + this.#held.length;
    await this.#take();
    const after = await look();
    return (
      after.seq !== before.seq ||
      requests !== this.#attempts.size ||
      lanes !== this.#lanes.length + this.#held.length
    );
  }

  async #endStopping(): Promise<boolean> {
    const { stage } = this.of;
    if ((await this.#status()) !== 'stopping') return false;
    stage.clock.advance(STOP_GRACE_MS);
    await stage.parts.advance.sweep();
    return (await this.#status()) !== 'stopping';
  }

  async #controlAfter(): Promise<boolean> {
    const [step] = this.#control;
    if (!step || (step.atQuiet !== undefined && step.atQuiet !== null && step.atQuiet !== false))
      return false;
    const settled = step.after?.settled;
    if (settled !== undefined && !(await this.#areSettled(settled))) return false;
    this.#control.shift();
    await this.#perform(step);
    return true;
  }

  async #controlAtQuiet(): Promise<boolean> {
    const [step] = this.#control;
    if (!step) return false;
    if (step.after && !(await this.#areSettled(step.after.settled))) {
      // A held answer may be what it waits for.
      if (this.#held.length > 0) return false;
      const expected = `settled: ${JSON.stringify(step.after.settled)}`;
      this.#differences.push({ what: 'control', expected, got: 'nothing more happens' });
    } else if (typeof step.atQuiet === 'object' && step.atQuiet) await this.#checkQuiet(step.atQuiet);
    this.#control.shift();
    await this.#perform(step);
    return true;
  }

  async #perform({ command, release }: Control): Promise<void> {
    if (command !== undefined) await this.#command(command);
    if (release !== undefined) for (const { lane } of this.#held.splice(0)) this.#lanes.push(lane);
  }

  async #command(command: Command): Promise<void> {
    const name = typeof command === 'string' ? command : Object.keys(command)[0]!;
    try {
      await this.#carryOut(name);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const got = `refused (${error.code}): ${error.message}`;
      this.#differences.push({ what: `command ${name}`, expected: 'to be carried out', got });
    }
  }

  async #carryOut(command: string): Promise<void> {
    const { stage, run } = this.of;
    const { pause, cancel, retry } = stage.parts;
    if (command === 'pause') await pause.pause(run);
    else if (command === 'resume') await pause.resume(run);
    else if (command === 'cancel') await cancel.execute(run);
    else if (command === 'retry') {
      this.#statusBeforeRetry ??= await this.#status();
      this.#retried = true;
      await retry.execute(run);
    } else {
      const expected = 'pause, resume, cancel or retry';
      const got = `${command}: write it as \`rerun\` of the file`;
      this.#differences.push({ what: 'command', expected, got });
    }
  }

  async #releaseCancelled(): Promise<boolean> {
    if (!this.#held.some(({ until }) => until === 'cancelled')) return false;
    if (!['stopping', 'cancelled'].includes(await this.#status())) return false;
    for (const one of this.#held.splice(0)) {
      if (one.until === 'cancelled') this.#lanes.push(one.lane);
      else this.#held.push(one);
    }
    return true;
  }

  async #checkPayloads(request: BlockRequested): Promise<void> {
    const expected = this.of.answers.expectedPayloads(request, this.#retried);
    if (!expected) return;
    const got = request.payloads
      ? (await this.of.stage.parts.payloads.execute(request.task, { from: 0, limit: 100_000 })).payloads.map(
          ({ key }) => key,
        )
      : [request.key];
    if (JSON.stringify(got) !== JSON.stringify(expected))
      this.#differences.push({ what: `payloads that ${taskName(request)} gets`, expected, got });
  }

  async #checkQuiet(quiet: Quiet | undefined): Promise<void> {
    for (const task of quiet?.settled ?? []) {
      const got = await this.#statusesOf(task);
      if (got.length === 0 || got.some((status) => !SETTLED.includes(status)))
        this.#differences.push({ what: `at quiet ${taskName(task)}`, expected: 'settled', got });
    }
    for (const task of quiet?.notMade ?? []) {
      const got = await this.#statusesOf(task);
      if (got.length > 0)
        this.#differences.push({ what: `at quiet ${taskName(task)}`, expected: 'not made', got });
    }
  }

  async #areSettled(wanted: TaskName | TaskName[] | number): Promise<boolean> {
    if (typeof wanted === 'number') {
      const text = `SELECT count(*)::int AS n FROM tasks WHERE run = $1 AND status = ANY($2)`;
      const { database } = this.of.on;
      const { rows } = await database.query<{ n: number }>({ text, values: [this.of.run, SETTLED] });
      return rows[0]!.n >= wanted;
    }
    for (const task of [wanted].flat()) {
      const statuses = await this.#statusesOf(task);
      if (statuses.length === 0 || statuses.some((status) => !SETTLED.includes(status))) return false;
    }
    return true;
  }

  async #statusesOf({ block, key, sample }: TaskName): Promise<string[]> {
    const text = `SELECT status FROM tasks WHERE run = $1 AND block = $2 AND key = $3 AND ($4::int IS NULL OR sample = $4)`;
    const values = [this.of.run, block, key, sample ?? null];
    const { rows } = await this.of.on.database.query<{ status: string }>({ text, values });
    return rows.map(({ status }) => status);
  }

  async #status(): Promise<string> {
    const text = `SELECT status FROM runs WHERE id = $1`;
    const { rows } = await this.of.on.database.query<{ status: string }>({ text, values: [this.of.run] });
    return rows[0]!.status;
  }

  /** Invariant 6: each attempt of a task gets the same. */
  #checkInput({ task, with: config, payload, payloads, inputs, variables }: BlockRequested): void {
    const hash = hashJson({ config, payload, payloads, inputs, variables });
    const before = this.#inputs.get(task);
    this.#inputs.set(task, before ?? hash);
    if (before === undefined || before === hash) return;
    const { name } = this.#attempts.get(task)!;
    this.#differences.push({ what: `input of ${name} (invariant 6)`, expected: before, got: hash });
  }

  /** Invariant 8, as it stands now. */
  async #checkConcurrency(): Promise<void> {
    const text = `SELECT block, count(*)::int AS n FROM tasks WHERE run = $1 AND status = 'requested' GROUP BY block`;
    const { on, run, plan } = this.of;
    const { rows } = await on.database.query<{ block: string; n: number }>({ text, values: [run] });
    for (const { block, n } of rows) {
      const { concurrency } = plan.byId.get(block)!;
      if (n <= concurrency) continue;
      const what = `requested tasks of ${block} (invariant 8)`;
      this.#differences.push({ what, expected: `at most ${concurrency}`, got: n });
    }
  }

  /** Invariants 7 and 9: what comes again, after all is over, changes nothing. */
  async #checkLateDuplicates(): Promise<void> {
    const { stage, on, run } = this.of;
    const look = async (): Promise<unknown> =>
      (
        await on.database.query({
          text: `SELECT seq, status, open_work FROM runs WHERE id = $1`,
          values: [run],
        })
      ).rows[0];
    const before = JSON.stringify(await look());
    await stage.parts.advance.settle(this.#given);
    await stage.sweep();
    const after = JSON.stringify(await look());
    const requests = await stage.take();
    if (before !== after)
      this.#differences.push({
        what: 'duplicates after the end (invariant 9)',
        expected: before,
        got: after,
      });
    if (requests.length > 0)
      this.#differences.push({
        what: 'duplicates after the end (invariant 9)',
        expected: 'no request',
        got: requests.map(taskName),
      });
  }

  /** Invariants 10 and 11: attempts rise by one, each was published; and the file's `publish` came true. */
  async #checkAttempts(): Promise<void> {
    for (const { task, events } of this.#lanes) {
      const { name, attempts } = this.#attempts.get(task)!;
      const waited = events.find(({ kind }) => kind === 'publish');
      if (waited?.kind === 'publish')
        this.#differences.push({
          what: name,
          expected: `attempt ${waited.attempt} requested`,
          got: [...attempts],
        });
    }
    const text = `SELECT id, attempt FROM tasks WHERE run = $1 AND attempt > 0`;
    const { rows } = await this.of.on.database.query<{ id: string; attempt: number }>({
      text,
      values: [this.of.run],
    });
    for (const { id, attempt } of rows) {
      const { name, attempts } = this.#attempts.get(id) ?? { name: id, attempts: new Set<number>() };
      const expected = Array.from({ length: attempt }, (_, n) => n + 1);
      const got = [...attempts].sort((a, b) => a - b);
      if (JSON.stringify(expected) !== JSON.stringify(got))
        this.#differences.push({ what: `attempts of ${name} (invariants 10, 11)`, expected, got });
    }
  }
}
