import type { Ref } from '@duofactory/contracts';
import { cutKey } from '@duofactory/engine';
import { ObjectCorrupt, ObjectMissing, type ObjectStore } from '@duofactory/objects';
import { Problem, type Database } from '@duofactory/platform';
import { readResults } from '../../store/read-results.js';
import { readRun } from '../../store/runs.js';
import type { Plans } from '../advance/plans.js';
import { unknownRun } from '../commands/unknown-run.js';

/** A result as it is, whole: lists of results give large ones by reference alone. */
export class ReadResult {
  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
    private readonly objects: ObjectStore,
  ) {}

  /**
   * UTF-8 of its JSON. `key`: of a payload that sees the result. Throws Problem `unknown-run`, `unknown-result`, or the
   * store's code where its object is lost.
   */
  async execute(id: string, { block, key }: { block: string; key: string }): Promise<Uint8Array> {
    const run = await readRun(this.database, id);
    if (!run) throw unknownRun(id);
    const { plan } = await this.plans.of(this.database, run.workflow, run.version);
    const planned = plan.byId.get(block);
    const [row] = planned
      ? await readResults(this.database, [{ run: id, block, key: cutKey(key, planned.signature) }])
      : [];
    if (!row) {
      throw new Problem({
        status: 404,
        code: 'unknown-result',
        title: 'Unknown result',
        detail: `Nothing has come out of the block "${block}" of run ${id} under the key "${key}"`,
      });
    }
    return row.ref === null ? Buffer.from(JSON.stringify(row.value)) : this.#kept(row.ref as Ref);
  }

  async #kept(ref: Ref): Promise<Uint8Array> {
    try {
      return await this.objects.get(ref);
    } catch (error) {
      if (!(error instanceof ObjectMissing || error instanceof ObjectCorrupt)) throw error;
      throw new Problem({
        status: 404,
        code: error.code,
        title: 'The result is lost',
        detail: error.message,
      });
    }
  }
}
