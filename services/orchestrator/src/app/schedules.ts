import { Problem, type Clock, type Database } from '@duofactory/platform';
import { Cron } from 'croner';
import {
  deleteSchedule,
  listSchedules,
  lockDueSchedules,
  putSchedule,
  readSchedule,
  scheduleFired,
  type ScheduleRow,
} from '../store/schedules.js';
import { checkInputs } from './check-inputs.js';
import type { StartRun } from './start-run.js';

export type Schedule = ScheduleRow;

export interface ScheduleRequest {
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly cron: string;
  readonly timeZone: string;
  readonly missed: 'skip' | 'run';
  readonly paused: boolean;
}

/** More missed times than this are not made up for at once. */
const MOST_MISSED = 100;

/** Runs that start by the clock. Every time has one run, however many orchestrators look. */
export class Schedules {
  constructor(
    private readonly database: Database,
    private readonly startRun: StartRun,
    private readonly clock: Clock,
  ) {}

  list(): Promise<ScheduleRow[]> {
    return listSchedules(this.database);
  }

  async show(id: string): Promise<ScheduleRow> {
    const schedule = await readSchedule(this.database, id);
    if (!schedule) throw unknownSchedule(id);
    return schedule;
  }

  /** Makes or replaces a schedule. Throws Problem: the expression, the time zone, the workflow or its inputs are wrong. */
  async put(id: string, { inputs, ...request }: ScheduleRequest): Promise<ScheduleRow> {
    const { definition } = await this.startRun.resolve(request.workflow);
    const now = this.clock.now();
    const nextAt = timeAfter(request, now);
    const checked = checkInputs(definition, inputs);
    await putSchedule(this.database, { id, ...request, inputs: checked, nextAt }, now);
    return this.show(id);
  }

  async delete(id: string): Promise<void> {
    if (!(await deleteSchedule(this.database, id))) throw unknownSchedule(id);
  }

  /** Starts what is due. A crash between a run's start and this note of it finds the same run again. */
  async sweep(): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      for (const schedule of await lockDueSchedules(tx, now)) {
        const { times, nextAt } = dueTimes(schedule, now);
        const lastAt = times.at(-1)!;
        try {
          let lastRun: string | null = null;
          for (const at of times) lastRun = await this.#start(schedule, at);
          await scheduleFired(tx, { id: schedule.id, nextAt, lastAt, lastRun, error: null });
        } catch (error) {
          if (!(error instanceof Problem) || error.status >= 500) throw error;
          await scheduleFired(tx, { id: schedule.id, nextAt, lastAt, lastRun: null, error: error.message });
        }
      }
    });
  }

  async #start({ id, workflow, inputs }: ScheduleRow, at: Date): Promise<string> {
    const idempotencyKey = `schedule/${id}/${at.toISOString()}`;
    return (await this.startRun.execute({ workflow, inputs, idempotencyKey })).id;
  }
}

/** Which times are to be started now: all that passed, or the last of them. */
function dueTimes(schedule: ScheduleRow, now: Date): { times: Date[]; nextAt: Date } {
  const times = [schedule.nextAt];
  let nextAt = timeAfter(schedule, schedule.nextAt);
  while (nextAt <= now && times.length < MOST_MISSED) {
    times.push(nextAt);
    nextAt = timeAfter(schedule, nextAt);
  }
  if (nextAt <= now) nextAt = timeAfter(schedule, now);
  return { times: schedule.missed === 'run' ? times : times.slice(-1), nextAt };
}

function timeAfter({ cron, timeZone }: { cron: string; timeZone: string }, after: Date): Date {
  let next: Date | null;
  try {
    next = new Cron(cron, { timezone: timeZone, paused: true }).nextRun(after);
  } catch (error) {
    throw wrongTime(`Not a cron expression with a time zone: ${(error as Error).message}`);
  }
  if (!next) throw wrongTime(`"${cron}" never comes again`);
  return next;
}

function wrongTime(message: string): Problem {
  const errors = [{ field: 'cron', message: `${message}. Example: 0 6 * * 1-5 in Europe/Madrid` }];
  return new Problem({
    status: 422,
    code: 'invalid-schedule',
    title: 'The schedule cannot be read',
    detail: errors[0]!.message,
    errors,
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
