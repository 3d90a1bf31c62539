import './timeline.css';
import { Button, Checkbox, NativeSelect } from '@mantine/core';
import '@mantine/core/styles/Checkbox.css';
import { useQuery } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState, type PointerEvent } from 'react';
import type { RunDetail, RunTimeline } from '../api/client.js';
import { timelineQuery } from '../api/queries.js';
import { Failure } from '../frame/failure.js';
import { withPart } from '../frame/search.js';
import { StateMark } from '../frame/status-mark.js';
import { TASK_WORDS } from '../frame/status.js';
import { keyText, sharedSegments } from '../values/payload-key.js';
import { durationText } from '../values/time.js';
import { RunLink } from './run-link.js';
import { timeScale, type Stretch, type TimeScale } from './time-scale.js';

type TaskTime = RunTimeline['tasks'][number];

const route = getRouteApi('/runs/$id');
/** A slider is moved many times before it rests. */
const REST_MS = 250;
/** Steps of the sliders across the run. */
const STEPS = 1_000;

/** When tasks waited and when they were worked on; a stretch of the run may be looked at alone. */
export default function TimelineView({ run }: { run: RunDetail }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const block = run.blocks.find((one) => one.block === search.block)?.block ?? '';
  const [window, setWindow] = useState(stretchIn(search));
  // Whole milliseconds, as an address has them.
  const look = (at: Stretch | undefined): void =>
    setWindow(at && { from: Math.floor(at.from), to: Math.ceil(at.to) });
  const [settled] = useDebouncedValue(window, REST_MS);
  useEffect(() => {
    const { from, to } = settled ?? {};
    if (from === search.from && to === search.to) return;
    void navigate({
      search: (known) => withPart(withPart(known, 'from', from), 'to', to),
      replace: true,
    });
  }, [settled]);
  const [fold, setFold] = useState(true);
  const timeline = useQuery({
    ...timelineQuery(run.id, {
      ...(block === '' ? {} : { block }),
      ...(window ? { from: iso(window.from), to: iso(window.to) } : {}),
    }),
    placeholderData: (before) => before,
  });
  if (timeline.error && !timeline.data)
    return <Failure error={timeline.error} onRetry={() => void timeline.refetch()} />;
  if (!timeline.data) return <div className="skeleton" />;
  const { tasks, busy, blocks } = timeline.data;
  if (blocks.length === 0)
    return (
      <div className="panel">
        <p className="empty">Nothing was asked of a service yet: once it is, its time shows here.</p>
      </div>
    );
  const whole = stretchOf(timeline.data);
  const shown = window ?? whole;
  const scale = timeScale(shown, busy.map(stretchOf), fold);
  const shared = sharedSegments(tasks.map(({ key }) => key));
  return (
    <div className="timeline">
      <section className="panel" aria-label="Stretch of the run">
        <div className="inside brush">
          <Overview timeline={timeline.data} whole={whole} shown={shown} onWindow={look} />
          <div className="choices">
            <Slider
              label="From"
              whole={whole}
              at={shown.from}
              onChange={(from) => look({ from: Math.min(from, shown.to - 1), to: shown.to })}
            />
            <Slider
              label="To"
              whole={whole}
              at={shown.to}
              onChange={(to) => look({ from: shown.from, to: Math.max(to, shown.from + 1) })}
            />
            <NativeSelect
              label="Tasks of"
              value={block}
              onChange={({ currentTarget: { value } }) =>
                void navigate({
                  search: (known) => withPart(known, 'block', value === '' ? undefined : value),
                  replace: true,
                })
              }
              data={[{ value: '', label: 'every block' }, ...run.blocks.map((one) => one.block)]}
            />
            <Checkbox
              label="Fold idle gaps"
              checked={fold}
              onChange={({ currentTarget }) => setFold(currentTarget.checked)}
            />
            <Button variant="default" disabled={!window} onClick={() => look(undefined)}>
              Whole run
            </Button>
          </div>
          <p className="legend">
            <i className="stretch queued" /> waits for a service <i className="stretch worked" /> is worked on
          </p>
        </div>
      </section>
      <section className="panel" aria-label="Longest tasks">
        <div className="scroll-x">
          <table className="rows">
            <thead>
              <tr>
                <th>Task</th>
                <th className="wide-only">Status</th>
                <th className="number">Waited</th>
                <th className="number">Work</th>
                <th className="bars">
                  {durationText(shown.to - shown.from)}
                  {scale.folds.length > 0 && `, ${scale.folds.length} idle folded`}
                </th>
              </tr>
            </thead>
            <tbody>
              {tasks.map((task) => (
                <TaskRow key={task.task} {...{ run: run.id, task, shared, scale }} end={whole.to} />
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section className="panel" aria-label="Time of blocks">
        <Blocks blocks={blocks} />
      </section>
    </div>
  );
}

function TaskRow(of: {
  run: string;
  task: TaskTime;
  /** Segments that the keys of all rows begin with. */
  shared: number;
  end: number;
  scale: TimeScale;
}) {
  const { run, task, shared, end, scale } = of;
  const { block, key, sample, status, requestedAt, begunAt, endedAt } = task;
  const requested = Date.parse(requestedAt);
  const ended = endedAt === null ? end : Date.parse(endedAt);
  const begun = begunAt === null ? ended : Math.min(ended, Date.parse(begunAt));
  const queued = durationText(begun - requested);
  const worked = durationText(ended - begun);
  return (
    <tr>
      <td>
        <RunLink id={run} place={{ view: 'lineage', block, key }} current={false}>
          {block}
        </RunLink>{' '}
        <small className="quiet">
          {keyText(key, shared)}
          {sample > 1 && `, sample ${sample}`}
        </small>
      </td>
      <td className="wide-only">
        <StateMark words={TASK_WORDS} state={status} />
      </td>
      <td className="number">{queued}</td>
      <td className="number">{begunAt === null ? '-' : worked}</td>
      <td className="bars">
        <span className="lane" aria-hidden="true">
          {scale.folds.map(({ from, at }) => (
            <i key={from} className="fold" style={{ left: `${at * 100}%` }} />
          ))}
          <Bar kind="queued" scale={scale} from={requested} to={begun} />
          <Bar kind="worked" scale={scale} from={begun} to={ended} />
        </span>
      </td>
    </tr>
  );
}

function Bar(of: { kind: 'queued' | 'worked'; scale: TimeScale; from: number; to: number }) {
  const { kind, scale, from, to } = of;
  const [left, right] = [scale.at(from), scale.at(to)];
  if (to <= from) return null;
  return (
    <i className={`stretch ${kind}`} style={{ left: `${left * 100}%`, width: `${(right - left) * 100}%` }} />
  );
}

/** The whole run; a stretch of it is drawn with the pointer, or set by the sliders. */
function Overview(of: {
  timeline: RunTimeline;
  whole: Stretch;
  shown: Stretch;
  onWindow: (window: Stretch | undefined) => void;
}) {
  const { timeline, whole, shown, onWindow } = of;
  const [began, setBegan] = useState<number>();
  const scale = timeScale(whole, [], false);
  const timeAt = ({ clientX, currentTarget }: PointerEvent): number => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (clientX - left) / width));
    return whole.from + share * (whole.to - whole.from);
  };
  return (
    <div
      className="overview"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setBegan(timeAt(event));
      }}
      onPointerUp={(event) => {
        if (began === undefined) return;
        const [from, to] = [began, timeAt(event)].sort((a, b) => a - b) as [number, number];
        setBegan(undefined);
        // A click alone shows all again.
        onWindow(to - from < (whole.to - whole.from) / 100 ? undefined : { from, to });
      }}
    >
      {timeline.busy.map(stretchOf).map(({ from, to }) => (
        <i
          key={from}
          className="stretch worked"
          style={{ left: `${scale.at(from) * 100}%`, width: `${(scale.at(to) - scale.at(from)) * 100}%` }}
        />
      ))}
      <b
        style={{
          left: `${scale.at(shown.from) * 100}%`,
          width: `${(scale.at(shown.to) - scale.at(shown.from)) * 100}%`,
        }}
      />
    </div>
  );
}

function Slider(of: { label: string; whole: Stretch; at: number; onChange: (at: number) => void }) {
  const { label, whole, at, onChange } = of;
  const length = Math.max(1, whole.to - whole.from);
  return (
    <label>
      {label} <span className="quiet">{durationText(at - whole.from)}</span>
      <input
        type="range"
        min={0}
        max={STEPS}
        value={Math.round((STEPS * (at - whole.from)) / length)}
        aria-valuetext={`${durationText(at - whole.from)} after the start`}
        onChange={({ currentTarget }) =>
          onChange(whole.from + (length * Number(currentTarget.value)) / STEPS)
        }
      />
    </label>
  );
}

function Blocks({ blocks }: { blocks: RunTimeline['blocks'] }) {
  return (
    <div className="scroll-x">
      <table className="rows">
        <thead>
          <tr>
            <th>Block</th>
            <th className="number">Tasks</th>
            <th className="number">Waited, in sum</th>
            <th className="number">Work, in sum</th>
            <th className="number">From first to last</th>
          </tr>
        </thead>
        <tbody>
          {blocks.map(({ block, tasks, queuedMs, workedMs, from, to }) => (
            <tr key={block}>
              <td>{block}</td>
              <td className="number">{tasks.toLocaleString()}</td>
              <td className="number">{durationText(queuedMs)}</td>
              <td className="number">{durationText(workedMs)}</td>
              <td className="number">{durationText(Date.parse(to) - Date.parse(from))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function stretchIn({ from, to }: { from?: number; to?: number }): Stretch | undefined {
  return from !== undefined && to !== undefined && from < to ? { from, to } : undefined;
}

const iso = (time: number): string => new Date(time).toISOString();
const stretchOf = ({ from, to }: { from: string; to: string }): Stretch => ({
  from: Date.parse(from),
  to: Date.parse(to),
});
