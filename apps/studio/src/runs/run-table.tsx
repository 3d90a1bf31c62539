import { Link } from '@tanstack/react-router';
import type { RunSummary } from '../api/client.js';
import { RunMark } from '../frame/status-mark.js';
import { TEST_WORDS } from '../frame/status.js';
import { useKeys } from '../frame/use-keys.js';
import { useRowKeys } from '../frame/use-row-keys.js';
import { VirtualRows } from '../frame/virtual-rows.js';
import { durationText, whenText } from '../values/time.js';
import { versionOfRun } from '../values/version-of-run.js';

interface RunTableProps {
  readonly runs: readonly RunSummary[];
  /** More are on the server than these. */
  readonly hasMore?: boolean;
  readonly onEnd?: () => void;
  /** Where runs may be chosen. */
  readonly selection?: RunSelection;
}

export interface RunSelection {
  readonly has: (id: string) => boolean;
  readonly toggle: (id: string) => void;
  /** The runs that were read so far. */
  readonly page: (chosen: boolean) => void;
}

export function RunTable({ runs, hasMore = false, onEnd, selection }: RunTableProps) {
  const { current, onFocus } = useRowKeys(
    runs.map(({ id }) => id),
    onEnd,
  );
  useKeys({
    x: () => {
      if (current !== undefined) selection?.toggle(current);
    },
  });
  return (
    <div className="scroll-x" onFocus={onFocus}>
      <table className="rows" aria-rowcount={hasMore ? -1 : runs.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {selection && (
              <th className="box">
                <label>
                  <input
                    type="checkbox"
                    aria-label="Select page"
                    title="Select page: the runs that were read so far"
                    checked={runs.every(({ id }) => selection.has(id))}
                    onChange={({ currentTarget }) => selection.page(currentTarget.checked)}
                  />
                </label>
              </th>
            )}
            <th>Run</th>
            <th>Status</th>
            <th className="wide-only">Inputs</th>
            <th>Began</th>
            <th className="wide-only number">Took</th>
          </tr>
        </thead>
        <VirtualRows
          items={runs}
          columns={selection ? 6 : 5}
          keyOf={({ id }) => id}
          current={current}
          cells={(run) => <RunCells run={run} selection={selection} />}
          onEnd={onEnd}
        />
      </table>
    </div>
  );
}

function RunCells({ run, selection }: { run: RunSummary; selection: RunSelection | undefined }) {
  return (
    <>
      {selection && (
        <td className="box">
          <label>
            <input
              type="checkbox"
              aria-label={`Select ${run.workflow}@${versionOfRun(run)} ${run.id.slice(0, 8)}`}
              checked={selection.has(run.id)}
              onChange={() => selection.toggle(run.id)}
            />
          </label>
        </td>
      )}
      <td>
        <Link to="/runs/$id" params={{ id: run.id }} search={{}}>
          {run.workflow}@{versionOfRun(run)} <code>{run.id.slice(0, 8)}</code>
        </Link>
        {run.testOf && <small className="quiet"> {TEST_WORDS[run.testOf]}</small>}
      </td>
      <td>
        <RunMark run={run} />
      </td>
      <td className="wide-only quiet">{inputsText(run.inputs)}</td>
      <td className="when">{whenText(run.createdAt)}</td>
      <td className="wide-only number">
        {run.endedAt ? durationText(Date.parse(run.endedAt) - Date.parse(run.createdAt)) : '-'}
      </td>
    </>
  );
}

const LONGEST = 80;

export function inputsText(inputs: Record<string, unknown>): string {
  const text = Object.entries(inputs)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
