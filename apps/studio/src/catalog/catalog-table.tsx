import { ActionIcon } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useCallback, useMemo, useRef, useState } from 'react';
import { Icon } from '../frame/icons.js';
import { StateMark } from '../frame/status-mark.js';
import { EPISODE_WORDS, RUN_WORDS } from '../frame/status.js';
import { VirtualRows } from '../frame/virtual-rows.js';
import { useKeys } from '../frame/use-keys.js';
import { useRowKeys } from '../frame/use-row-keys.js';
import { Score } from '../values/readable-value.js';
import { dateText } from '../values/time.js';
import { EpisodeName, EpisodeSlot } from './inline-edits.js';
import { audioOf, type Episode, type Filters } from './queries.js';
import { rowKey, type Row } from './rows.js';
import type { Selection } from './selection.js';

const COLUMNS = 10;
const isNode = (row: Row): boolean => row.is === 'node';

interface CatalogTableProps {
  readonly rows: readonly Row[];
  readonly selection: Selection;
  /** Whose drawer is open. */
  readonly opened: string | undefined;
  readonly filters: Filters;
  readonly hasMore: boolean;
  readonly onEnd: () => void;
}

const isEpisode = (row: Row | undefined): row is Extract<Row, { is: 'episode' }> => row?.is === 'episode';

export function CatalogTable({ rows, selection, opened, filters, hasMore, onEnd }: CatalogTableProps) {
  const player = usePlayer();
  const loaded = useMemo(() => rows.filter(isEpisode).map(({ episode }) => episode), [rows]);
  const ids = useMemo(() => rows.map((row) => (isEpisode(row) ? row.episode.id : undefined)), [rows]);
  const { current, onFocus } = useRowKeys(ids, onEnd);
  useKeys({
    x: () => {
      if (loaded.some(({ id }) => id === current)) selection.toggle(current!);
    },
  });
  const isPage = loaded.length > 0 && loaded.every(({ id }) => selection.has(id));
  const isSelected = useCallback(
    (row: Row) => row.is === 'episode' && (row.episode.id === opened || selection.has(row.episode.id)),
    [opened, selection],
  );
  return (
    <div className="grid" tabIndex={0} role="region" aria-label="Table of episodes" onFocus={onFocus}>
      <table className="rows" aria-rowcount={hasMore ? -1 : rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th className="box">
              <label>
                <input
                  type="checkbox"
                  aria-label="Select page"
                  title="Select page: the episodes that were read so far"
                  checked={isPage}
                  onChange={({ currentTarget }) => selection.page(currentTarget.checked)}
                />
              </label>
            </th>
            <th className="name">EPISODE NAME</th>
            <th>VIABILITY</th>
            <th>WRAPPER</th>
            <th>STATUS</th>
            <th className="number">SLOT</th>
            <th className="number">SCHEMA VERSION</th>
            <th>PIPELINE STATUS</th>
            <th className="number">GLOBAL ATTEMPTS</th>
            <th>LAST UPDATED</th>
          </tr>
        </thead>
        <VirtualRows
          items={rows}
          columns={COLUMNS}
          keyOf={rowKey}
          isHead={isNode}
          isSelected={isSelected}
          current={current}
          onEnd={onEnd}
          cells={(row) => {
            if (row.is === 'node') return <NodeCells row={row} />;
            if (row.is === 'empty')
              return (
                <>
                  <td />
                  <td className="quiet" colSpan={4}>
                    Empty slot
                  </td>
                  <td className="number quiet">{row.slot}</td>
                  <td colSpan={4} />
                </>
              );
            return (
              <EpisodeCells episode={row.episode} selection={selection} filters={filters} player={player} />
            );
          }}
        />
      </table>
    </div>
  );
}

function NodeCells({ row: { node, matching } }: { row: Extract<Row, { is: 'node' }> }) {
  return (
    <th colSpan={COLUMNS} scope="colgroup">
      <span className="node">
        {node.name}{' '}
        <span className="quiet">
          ({node.level} - {node.id})
        </span>
        {matching !== undefined && (
          <span className="quiet count">
            {matching} {matching === 1 ? 'episode' : 'episodes'}
          </span>
        )}
      </span>
    </th>
  );
}

interface EpisodeCellsProps {
  readonly episode: Episode;
  readonly selection: Selection;
  readonly filters: Filters;
  readonly player: Player;
}

function EpisodeCells({ episode, selection, filters, player }: EpisodeCellsProps) {
  const { id, environment, course, viability, wrapper, status, schemaVersion } = episode;
  const title = episode.title ?? 'Without a name';
  const isPlaying = player.playing === id;
  return (
    <>
      <td className="box">
        <label>
          <input
            type="checkbox"
            aria-label={`Select ${title}`}
            checked={selection.has(id)}
            onChange={() => selection.toggle(id)}
          />
        </label>
      </td>
      <td className="name">
        <div className="in-row">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`${isPlaying ? 'Pause' : 'Play'} ${title}`}
            onClick={() => player.toggle(episode)}
          >
            <Icon name={isPlaying ? 'pause' : 'play'} />
          </ActionIcon>
          <EpisodeName episode={episode}>
            <Link
              to="/catalog/$environment/$course"
              params={{ environment, course }}
              search={{ ...filters, episode: id }}
            >
              {title}
            </Link>
          </EpisodeName>
        </div>
      </td>
      <td>{viability === null ? '-' : <Score value={viability} />}</td>
      <td>{wrapper}</td>
      <td>
        <StateMark words={EPISODE_WORDS} state={status} />
        {status === 'recalled' && <span className="quiet"> (recalled)</span>}
      </td>
      <td className="number">
        <EpisodeSlot episode={episode} />
      </td>
      <td className="number">{schemaVersion ?? '-'}</td>
      <td>
        <Pipeline episode={episode} />
      </td>
      <td className="number">{episode.attempts}</td>
      <td className="when">
        <time dateTime={episode.updatedAt}>{dateText(episode.updatedAt)}</time>
      </td>
    </>
  );
}

/** How far the run came that made it, and what became of the run. */
function Pipeline({ episode: { run, pipelineBlock, pipelineStatus } }: { episode: Episode }) {
  if (run === null || pipelineStatus === null) return '-';
  return (
    <Link
      to="/runs/$id"
      params={{ id: run }}
      search={pipelineBlock === null ? {} : { block: pipelineBlock }}
      className="pipeline"
    >
      {pipelineBlock !== null && <code>{pipelineBlock}</code>}
      <StateMark words={RUN_WORDS} state={pipelineStatus} />
    </Link>
  );
}

interface Player {
  readonly playing: string | undefined;
  readonly toggle: (episode: Episode) => void;
}

/** One episode is heard at a time. */
function usePlayer(): Player {
  const [playing, setPlaying] = useState<string>();
  const audio = useRef<HTMLAudioElement>(undefined);
  return {
    playing,
    toggle: (episode) => {
      audio.current?.pause();
      if (playing === episode.id) return setPlaying(undefined);
      const next = new Audio(audioOf(episode, episode.version ?? episode.newestVersion));
      audio.current = next;
      const stopped = (): void => setPlaying((now) => (audio.current === next ? undefined : now));
      next.addEventListener('ended', stopped);
      setPlaying(episode.id);
      next.play().catch(stopped);
    },
  };
}
