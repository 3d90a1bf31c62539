import { Problem, type Clock, type Database, type Logger } from '@duofactory/platform';
import { Cron } from 'croner';
import {
  deleteSchedule,
  dueSchedules,
  listSchedules,
  lockDueSchedule,
  putSchedule,
  readSchedule,
  scheduleFailed,
  scheduleFired,
  type DueSchedule,
  type ScheduleRow,
} from '../../store/schedules.js';
import { checkInputs } from '../commands/check-inputs.js';
import { idTaken } from '../id-taken.js';
import type { RunRequest, StartRun } from '../commands/start-run.js';

export interface Schedule extends ScheduleRow {
  /** The next of them; none while it is paused, or where there is none any more. */
  readonly upcoming: readonly Date[];
}

/** When it would start runs. */
export type ScheduleTimes = Pick<ScheduleRow, 'cron' | 'timeZone'>;

export interface ScheduleRequest {
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly cron: string;
  readonly timeZone: string;
  readonly missed: 'skip' | 'run';
  readonly paused: boolean;
}

/** So many times to come tell whether a pattern means what was meant. */
const TOLD = 5;

/** More missed times than this are made up for in several looks: other schedules have their turn in between. */
const AT_ONCE = 100;

/** Runs that start by the clock. Every time has one run, however many orchestrators look. */
export class Schedules {
  constructor(
    private readonly database: Database,
    private readonly startRun: StartRun,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Of one workflow, or all. */
  async list(workflow?: string): Promise<Schedule[]> {
    const now = this.clock.now();
    return (await listSchedules(this.database, workflow)).map((row) => told(row, now));
  }

  async show(id: string): Promise<Schedule> {
    const schedule = await readSchedule(this.database, id);
    if (!schedule) throw unknownSchedule(id);
    return told(schedule, this.clock.now());
  }

  /** The next times of a schedule that is none yet. Throws Problem: the expression or the time zone is wrong. */
  times(of: ScheduleTimes): Date[] {
    const now = this.clock.now();
    return timesFrom(of, firstTime(of, now), now);
  }

  /** Makes or replaces a schedule. Throws Problem: the expression, the time zone, the workflow or its inputs are wrong; or it was to be new, and is not. */
  async put(id: string, { inputs, ...request }: ScheduleRequest, isNew = false): Promise<Schedule> {
    const { definition } = await this.startRun.resolve(request.workflow);
    const now = this.clock.now();
    const nextAt = firstTime(request, now);
    const checked = checkInputs(definition, inputs);
    const schedule = { id, ...request, inputs: checked, nextAt };
    if (!(await putSchedule(this.database, schedule, { now, isNew }))) throw idTaken('schedule', id);
    return this.show(id);
  }

  async delete(id: string): Promise<void> {
    if (!(await deleteSchedule(this.database, id))) throw unknownSchedule(id);
  }

  /**
   * Starts what is due. A crash between a run's start and this note of it finds the same run again. Each schedule is on
   * its own: one that fails shows why, is tried again, and holds up no other.
   */
  async sweep(): Promise<void> {
    const now = this.clock.now();
    for (const id of await dueSchedules(this.database, now)) {
      try {
        await this.#fire(id, now);
      } catch (error) {
        const news = await scheduleFailed(this.database, id, (error as Error).message);
        if (news) this.log.error({ err: error, schedule: id }, 'schedule failed, will be tried again');
      }
    }
  }

  async #fire(id: string, now: Date): Promise<void> {
    await this.database.transaction(async (tx) => {
      const schedule = await lockDueSchedule(tx, id, now);
      if (!schedule) return;
      const times = dueTimes(schedule, now);
      const lastAt = times.at(-1)!;
      const fired = { id, nextAt: timeAfter(schedule, lastAt), lastAt };
      try {
        const runs = await this.startRun.executeAll(times.map((at) => requestOf(schedule, at)));
        await scheduleFired(tx, { ...fired, lastRun: runs.at(-1)!.id, error: null });
      } catch (error) {
        if (!(error instanceof Problem) || error.status >= 500) throw error;
        await scheduleFired(tx, { ...fired, lastRun: null, error: error.message });
      }
    });
  }
}

function told(row: ScheduleRow, now: Date): Schedule {
  const { paused, nextAt } = row;
  if (paused || nextAt === null) return { ...row, upcoming: [] };
  return { ...row, upcoming: isReadable(row) ? timesFrom(row, nextAt, now) : [nextAt] };
}

/** One that is stored may have been of an earlier time: the sweep keeps as its `error` why it starts nothing. */
function isReadable(of: ScheduleTimes): boolean {
  try {
    timeAfter(of, new Date(0));
    return true;
  } catch {
    return false;
  }
}

/** The first of them, which may be due already, and those to come after it. */
function timesFrom(of: ScheduleTimes, first: Date, now: Date): Date[] {
  const times = [first];
  let at = timeAfter(of, first > now ? first : now);
  for (; at && times.length < TOLD; at = timeAfter(of, at)) times.push(at);
  return times;
}

function requestOf({ id, workflow, inputs }: ScheduleRow, at: Date): RunRequest {
  return { workflow, inputs, idempotencyKey: `schedule/${id}/${at.toISOString()}` };
}

/** Which times are to be started now: the first of all that passed, or the last of them. */
function dueTimes(schedule: DueSchedule, now: Date): Date[] {
  if (schedule.missed === 'skip') return [lastTime(schedule, now)];
  const times: Date[] = [];
  for (let at: Date | null = schedule.nextAt; at && at <= now; at = timeAfter(schedule, at)) {
    if (times.push(at) === AT_ONCE) break;
  }
  return times;
}

/** The last time that has passed. Halves the span it may lie in: there may have been millions. */
function lastTime(schedule: DueSchedule, now: Date): Date {
  let last = schedule.nextAt;
  let from = last.getTime();
  // Patterns are of whole seconds: in the second that is left is at most one time.
  for (let to = now.getTime(); from < to;) {
    const middle = to - from > 1000 ? Math.floor((from + to) / 2) : from;
    const at = timeAfter(schedule, new Date(middle));
    if (at && at <= now) {
      last = at;
      from = at.getTime();
    } else to = middle;
  }
  return last;
}

/** null: never again. */
function timeAfter({ cron, timeZone }: ScheduleTimes, after: Date): Date | null {
  return new Cron(cron, { timezone: timeZone, paused: true }).nextRun(after);
}

/** Throws Problem that names what is wrong: the zone, or the pattern. */
function firstTime(schedule: ScheduleTimes, now: Date): Date {
  try {
    new Intl.DateTimeFormat('en', { timeZone: schedule.timeZone });
  } catch {
    throw wrongTime('timeZone', `"${schedule.timeZone}" is no time zone. Example: Europe/Madrid`);
  }
  const example = 'Example: 0 6 * * 1-5, or once: 2040-12-24T18:00:00';
  let first: Date | null;
  try {
    first = timeAfter(schedule, now);
  } catch (error) {
    const reason = (error as Error).message.replace(/^Cron\w*: /, '').replace(/\.+$/, '');
    throw wrongTime('cron', `Not a cron expression: ${reason}. ${example}`);
  }
  if (!first)
    throw wrongTime('cron', `"${schedule.cron}" never comes again: give a time to come. ${example}`);
  return first;
}

function wrongTime(field: 'cron' | 'timeZone', message: string): Problem {
  return new Problem({
    status: 422,
    code: 'invalid-schedule',
    title: 'The schedule cannot be read',
    detail: `${field}: ${message}`,
    errors: [{ field, message }],
  });
}

function unknownSchedule(id: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-schedule',
    title: 'Unknown schedule',
    detail: `No schedule has the id "${id}"`,
  });
}
