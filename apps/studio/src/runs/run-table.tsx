import { Link } from '@tanstack/react-router';
import type { RunSummary } from '../api/client.js';
import { StateMark } from '../frame/status-mark.js';
import { RUN_WORDS } from '../frame/status.js';
import { durationText, whenText } from '../values/time.js';

export function RunTable({ runs }: { runs: readonly RunSummary[] }) {
  return (
    <div className="scroll-x">
      <table className="rows">
        <thead>
          <tr>
            <th>Run</th>
            <th>Status</th>
            <th className="wide-only">Inputs</th>
            <th>Began</th>
            <th className="wide-only number">Took</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
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
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const LONGEST = 80;

export function inputsText(inputs: Record<string, unknown>): string {
  const text = Object.entries(inputs)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
