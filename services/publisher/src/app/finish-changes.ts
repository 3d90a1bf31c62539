import type { Background, Clock, Database } from '@duofactory/platform';
import { unsettledCourses } from '../store/listing.js';
import { SettleCourse } from './settle-course.js';

const EVERY_MS = 30_000;

/** Finishes changes of the catalog whose process died before readers saw them. */
export class FinishChanges implements Background {
  #callOff: (() => void) | undefined;
  #stopped = false;
  #work: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly settle: SettleCourse,
    private readonly clock: Clock,
    private readonly log: { warn(fields: object, message: string): void },
  ) {}

  async start(): Promise<void> {
    this.#work = this.#sweep();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#callOff?.();
    await this.#work;
  }

  async #sweep(): Promise<void> {
    try {
      await this.execute(new Date(this.clock.now().getTime() - EVERY_MS));
    } catch (error) {
      this.log.warn({ err: error }, 'changes of the catalog cannot be finished now');
    }
    if (!this.#stopped)
      this.#callOff = this.clock.setTimer(EVERY_MS, () => void (this.#work = this.#sweep()));
  }

  /** Of changes that are this old or older. */
  async execute(before: Date): Promise<void> {
    for (const { environment, course } of await unsettledCourses(this.database, before))
      await this.settle.execute(environment, course);
  }
}
