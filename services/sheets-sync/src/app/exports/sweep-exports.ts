import type { ObjectStore } from '@duofactory/objects';
import { Repeated, type Background, type Clock, type Database } from '@duofactory/platform';
import { claimRemovedExports, forgetExport, removeExportFiles } from '../../store/export-files.js';

const EVERY_MS = 10 * 60_000;
const AT_ONCE = 100;
const DAY_MS = 86_400_000;
/** How long deleting what was claimed may take. */
const CLAIM_MS = 30 * 60_000;
/** Between the last moment at which a file is given out and the end of its bytes: who reads it then has this long. */
const GRACE_MS = 60 * 60_000;

/** Removes files of exports that nobody made again within some days, from the object store too. */
export class SweepExports implements Background {
  readonly #sweeps: Repeated;

  constructor(
    private readonly database: Database,
    private readonly objects: Pick<ObjectStore, 'delete'>,
    clock: Clock,
    private readonly days: number,
    log: { warn(fields: object, message: string): void },
  ) {
    const failed = 'old files of exports cannot be removed now';
    const work = (now: Date): Promise<void> => this.execute(now);
    this.#sweeps = new Repeated({ everyMs: EVERY_MS, work, failed }, clock, log);
  }

  start(): Promise<void> {
    return this.#sweeps.start();
  }

  stop(): Promise<void> {
    return this.#sweeps.stop();
  }

  /** What a process that died had claimed is claimed again after a while. */
  async execute(now: Date): Promise<void> {
    const until = new Date(now.getTime() + CLAIM_MS);
    await removeExportFiles(this.database, { madeBefore: new Date(now.getTime() - this.days * DAY_MS), now });
    const due = { removedBefore: new Date(now.getTime() - GRACE_MS), most: AT_ONCE, until, now };
    while (!this.#sweeps.signal.aborted) {
      const claimed = await this.database.transaction((tx) => claimRemovedExports(tx, due));
      for (const { hash, object } of claimed) {
        await this.objects.delete(object);
        await forgetExport(this.database, hash, until);
      }
      if (claimed.length === 0) return;
    }
  }
}
