import { ActionIcon } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { RunBlock, RunDetail } from '../api/client.js';
import { Icon } from '../frame/icons.js';
import { useInSight } from '../frame/use-in-sight.js';
import { StatusMark } from '../frame/status-mark.js';
import { costText } from '../values/cost.js';
import { countsText, partsOf, wordOfBlock } from './block-counts.js';
import { RerunButton } from './rerun-button.js';
import { TaskList } from './task-list.js';

const route = getRouteApi('/runs/$id');

/** The blocks of a run in plan order with their counts; one of them opened beside. */
export function BlocksView({ run }: { run: RunDetail }) {
  const { block: opened } = route.useSearch();
  const navigate = route.useNavigate();
  const close = (): void => void navigate({ search: {} });
  const shown = run.blocks.find(({ block }) => block === opened);
  // In a narrow window it stands above the list.
  const head = useInSight<HTMLElement>(shown?.block);
  return (
    <div className={shown ? 'with-drawer of-tasks' : undefined}>
      <section className="panel" aria-label="Blocks">
        <div className="scroll-x">
          <table className="rows">
            <thead>
              <tr>
                <th>Block</th>
                <th>Status</th>
                <th>Progress</th>
                <th className="number">Done</th>
                <th className="number wide-only">Going on</th>
                <th className="number">Failed</th>
                <th className="number wide-only">Payloads</th>
                <th className="number wide-only">Cost</th>
              </tr>
            </thead>
            <tbody>
              {run.blocks.map((block) => (
                <BlockRow key={block.block} run={run} block={block} isOpened={block.block === opened} />
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {shown && (
        <aside
          key={shown.block}
          className="drawer"
          aria-label={`Block ${shown.block}`}
          onKeyDown={({ key }) => {
            if (key === 'Escape') close();
          }}
        >
          <header ref={head}>
            <h2>{shown.block}</h2>
            <Link to="/runs/$id" params={{ id: run.id }} search={{ view: 'results', block: shown.block }}>
              Results
            </Link>
            <RerunButton run={run} label="Rerun from here…" block={shown.block} small />
            <ActionIcon className="end" variant="subtle" color="gray" aria-label="Close" onClick={close}>
              <Icon name="close" />
            </ActionIcon>
          </header>
          <TaskList {...{ run: run.id, block: shown.block, type: shown.type, all: shown.tasks }} />
        </aside>
      )}
    </div>
  );
}

function BlockRow({ run, block, isOpened }: { run: RunDetail; block: RunBlock; isOpened: boolean }) {
  const { block: id, type, done, failed, skipped, ready, requested, payloads, cost, unpriced } = block;
  return (
    <tr aria-selected={isOpened}>
      <td>
        <span className="block-name">
          <Link to="/runs/$id" params={{ id: run.id }} search={{ block: id }} resetScroll={false}>
            {id}
          </Link>
          <small>{type}</small>
        </span>
      </td>
      <td>
        <StatusMark word={wordOfBlock(block, run.status)} />
      </td>
      <td style={{ minWidth: 120 }}>
        <Share block={block} />
      </td>
      <td className="number">{done}</td>
      <td className="number wide-only">{ready + requested}</td>
      <td className="number">{failed}</td>
      <td className="number wide-only">
        {payloads}
        {skipped > 0 && <span className="quiet"> ({skipped} skipped)</span>}
      </td>
      <td className="number wide-only">{costText(cost, unpriced)}</td>
    </tr>
  );
}

/** In proportion: what is done, failed, passed by, going on. */
function Share({ block }: { block: RunBlock }) {
  const parts = partsOf(block);
  const all = parts.reduce((sum, { count }) => sum + count, 0);
  const said = countsText(block);
  return (
    <span className="share" role="img" aria-label={said}>
      {parts.map(({ tone, count }) => (
        <span key={tone} className={`tone-${tone}`} style={{ width: `${(100 * count) / all}%` }} />
      ))}
    </span>
  );
}
