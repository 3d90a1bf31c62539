import { cutKey, type Plan, type PlannedBlock, type TaskRow } from '@duofactory/engine';
import { Problem } from '@duofactory/platform';
import { readResults } from '../../store/read-results.js';
import type { EditedResult } from '../../store/run-origin.js';
import type { Transaction } from '../../store/transaction.js';

/** Larger values travel by reference, which nobody edits by hand. */
const MOST_BYTES = 256 * 1024;

/**
 * Refuses edits of what is not there, of what is a choice among payloads, and results that lack fields which blocks
 * below may read. `plan`: of the run whose results they are.
 */
export async function checkEdits(
  tx: Transaction,
  run: string,
  plan: Plan,
  edits: readonly EditedResult[],
): Promise<void> {
  const rows = await readResults(
    tx,
    edits.map(({ block, key }) => ({ run, block, key })),
  );
  edits.forEach(({ block, key, result }, i) => {
    const planned = plan.byId.get(block);
    if (!planned) throw refused('unknown-block', `edits.${i}.block`, `The run has no block "${block}"`);
    if (!mayBeEdited(planned))
      throw refused(
        'not-editable',
        `edits.${i}.block`,
        `Block "${block}" chooses among payloads: rerun from it, or edit what it chooses from`,
      );
    const row = rows.find((one) => one.block === block && one.key === key);
    if (row?.state !== 'ok')
      throw refused(
        'unknown-result',
        `edits.${i}.key`,
        `Block "${block}" has no result under the key "${key}"`,
      );
    if (row.ref || Buffer.byteLength(JSON.stringify(result)) > MOST_BYTES)
      throw refused(
        'too-large-to-edit',
        `edits.${i}.result`,
        'A result of more than 256 KB cannot be edited',
      );
    const gone = Object.keys(row.value as object).filter((name) => !Object.hasOwn(result, name));
    if (gone.length > 0)
      throw refused(
        'invalid-edits',
        `edits.${i}.result.${gone[0]}`,
        `The edited result stands in the place of what "${block}" made, and lacks ${gone.join(', ')}: send every field`,
      );
  });
}

/** A choice among payloads is no text to correct: what it chooses from is. */
export function mayBeEdited({ output, repeat }: PlannedBlock): boolean {
  return output !== 'pick' && !repeat;
}

/** Whether a task made the result that was edited. */
export function makes(
  { block, key, sample }: Pick<TaskRow, 'block' | 'key' | 'sample'>,
  planned: PlannedBlock,
  edit: EditedResult,
): boolean {
  if (edit.block !== block || cutKey(edit.key, planned.taskSignature) !== key) return false;
  return !planned.samples || !planned.forks || edit.key.split('/').includes(`${block}=${sample}`);
}

function refused(code: string, field: string, detail: string): Problem {
  return new Problem({
    ...{ status: 422, code, title: 'This result cannot be edited so', detail },
    errors: [{ field, message: detail }],
  });
}
