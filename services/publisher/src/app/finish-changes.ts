import { Repeated, type Background, type Clock, type Database } from '@duofactory/platform';
import { unsettledCourses } from '../store/listing.js';
import { SettleCourse } from './settle-course.js';

const EVERY_MS = 30_000;

/** Finishes changes of the catalog whose process died before readers saw them. */
export class FinishChanges implements Background {
  readonly #sweeps: Repeated;

  constructor(
    private readonly database: Database,
    private readonly settle: SettleCourse,
    clock: Clock,
    log: { warn(fields: object, message: string): void },
  ) {
    const failed = 'changes of the catalog cannot be finished now';
    const work = (now: Date): Promise<void> => this.execute(new Date(now.getTime() - EVERY_MS));
    this.#sweeps = new Repeated({ everyMs: EVERY_MS, work, failed }, clock, log);
  }

  start(): Promise<void> {
    return this.#sweeps.start();
  }

  stop(): Promise<void> {
    return this.#sweeps.stop();
  }

  /** Of changes that are this old or older. */
  async execute(before: Date): Promise<void> {
    for (const { environment, course } of await unsettledCourses(this.database, before))
      await this.settle.execute(environment, course);
  }
}
