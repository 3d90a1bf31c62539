import { Link } from '@tanstack/react-router';
import type { RunSummary } from '../api/client.js';
import { StateMark } from '../frame/status-mark.js';
import { RUN_WORDS } from '../frame/status.js';
import { VirtualRows } from '../frame/virtual-rows.js';
import { durationText, whenText } from '../values/time.js';

interface RunTableProps {
  readonly runs: readonly RunSummary[];
  /** More are on the server than these. */
  readonly hasMore?: boolean;
  readonly onEnd?: () => void;
}

export function RunTable({ runs, hasMore = false, onEnd }: RunTableProps) {
  return (
    <div className="scroll-x">
      <table className="rows" aria-rowcount={hasMore ? -1 : runs.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th>Run</th>
            <th>Status</th>
            <th className="wide-only">Inputs</th>
            <th>Began</th>
            <th className="wide-only number">Took</th>
          </tr>
        </thead>
        <VirtualRows
          items={runs}
          columns={5}
          keyOf={({ id }) => id}
          cells={(run) => <RunCells run={run} />}
          onEnd={onEnd}
        />
      </table>
    </div>
  );
}

function RunCells({ run }: { run: RunSummary }) {
  return (
    <>
      <td>
        <Link to="/runs/$id" params={{ id: run.id }} search={{}}>
          {run.workflow}@{run.version} <code>{run.id.slice(0, 8)}</code>
        </Link>
      </td>
      <td>
        <StateMark words={RUN_WORDS} state={run.status} />
      </td>
      <td className="wide-only quiet">{inputsText(run.inputs)}</td>
      <td>{whenText(run.createdAt)}</td>
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
