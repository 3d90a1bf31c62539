import { runCompletedV1, tasksCancelledV1, uuidFrom } from '@duofactory/contracts';
import type { PlannedBlock } from '@duofactory/engine';
import { backingOff, type BlockRow } from '../../../store/counters.js';
import { ENDED, type LockedRun, type LockedRuns } from './locked-runs.js';

const CANCELLED = 'Cancelled: ';

/** How runs stop and end, and when blocks close. */
export class EndRuns {
  constructor(private readonly runs: LockedRuns) {}

  /** The run requests nothing more; services are told to skip or abort what is out. */
  stop(
    locked: LockedRun,
    reason: string,
    as: 'cancelled' | 'failed' | 'failed-for-good' = 'cancelled',
  ): void {
    if (ENDED.has(locked.row.status)) return;
    if (locked.row.status === 'stopping') {
      // Whatever stopped it first: what cannot be mended by trying again shuts the way back.
      if (as === 'failed-for-good' && !locked.row.final) {
        locked.row.final = true;
        locked.changed = true;
      }
      return;
    }
    locked.row.status = 'stopping';
    locked.row.final = as === 'failed-for-good';
    locked.row.reason = as === 'cancelled' ? `${CANCELLED}${reason}` : reason;
    locked.stoppingAt = this.runs.now;
    this.runs.emit(tasksCancelledV1, locked.row.id, locked.row.id, { run: locked.row.id });
  }

  /** Closes blocks. One that closes short of its minSuccess stops its run, before anything more is requested. */
  closeAll(): void {
    for (const locked of this.runs.all()) if (!ENDED.has(locked.row.status)) this.#close(locked);
  }

  /** Closes blocks, and ends runs in which nothing can come any more. */
  endAll(): void {
    for (const locked of this.runs.all()) if (!ENDED.has(locked.row.status)) this.#end(locked);
  }

  #end(locked: LockedRun): void {
    const { row, version } = locked;
    row.openWork = 0;
    for (const counts of locked.blocks.values()) row.openWork += counts.openWork;
    this.#close(locked);
    if (row.status === 'stopping' && ![...locked.blocks.values()].some(isOut)) {
      row.status = row.reason?.startsWith(CANCELLED) ? 'cancelled' : 'failed';
    } else if (row.openWork === 0 && row.status !== 'stopping') {
      row.status = row.errors > 0 ? 'partial' : 'completed';
    } else {
      return;
    }
    locked.endedAt = this.runs.now;
    const data = {
      run: row.id,
      workflow: version.workflow,
      version: version.version,
      status: row.status,
      ...(row.reason === null ? {} : { reason: row.reason }),
    };
    // A run that is retried ends again: another event.
    this.runs.emit(runCompletedV1, row.id, row.id, data, {
      id: uuidFrom(row.id, runCompletedV1.type, String(row.seq)),
    });
  }

  /** A block is closed when its needs are and nothing is open at it; those of a loop close together. */
  #close(locked: LockedRun): void {
    const { plan } = locked.version;
    const quiet = (id: string): boolean => locked.blocks.get(id)!.openWork === 0;
    const closed = (id: string): boolean => locked.blocks.get(id)!.closed;
    for (const block of plan.blocks) {
      if (closed(block.id) || !quiet(block.id) || !block.needs.every((need) => closed(need.block))) continue;
      const loop = block.loop === undefined ? undefined : plan.byId.get(block.loop)!;
      if (loop && !(quiet(loop.id) && loop.repeat!.body.every(quiet))) continue;
      this.runs.counts(locked.row.id, block.id).closed = true;
      this.#checkMinSuccess(locked, block);
    }
  }

  /** Checked once, when the block closes. */
  #checkMinSuccess(locked: LockedRun, block: PlannedBlock): void {
    const { minSuccess } = block;
    const counts = locked.blocks.get(block.id)!;
    const settled = counts.done + counts.failed;
    const enough =
      minSuccess === undefined ||
      ('count' in minSuccess
        ? counts.good >= minSuccess.count
        : settled === 0 || counts.done / settled >= minSuccess.share);
    if (enough) return;
    const reason = `Block "${block.id}" fell short of minSuccess: ${counts.done} of ${settled} tasks succeeded`;
    this.stop(locked, reason, 'failed-for-good');
  }
}

/** Some of its tasks are out, or will be woken. */
function isOut(counts: BlockRow): boolean {
  return counts.requested > 0 || backingOff(counts) > 0;
}
