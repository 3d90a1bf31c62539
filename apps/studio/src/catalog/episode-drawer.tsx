import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { isMissing } from '../api/problem.js';
import { Failure } from '../frame/failure.js';
import { Icon } from '../frame/icons.js';
import { StateMark } from '../frame/status-mark.js';
import { EPISODE_WORDS, RUN_WORDS } from '../frame/status.js';
import { costText } from '../values/cost.js';
import { ReadableValue, Score } from '../values/readable-value.js';
import { History } from './history.js';
import {
  audioOf,
  documentQuery,
  ENVIRONMENT_NAMES,
  episodeQuery,
  type Environment,
  type EpisodeDetail,
  type EpisodeDocument,
} from './queries.js';
import { RecallForm } from './recall-form.js';

/** All of an episode: what it says, asks and sounds like, what it was made of, and the ways back. */
export default function EpisodeDrawer(of: { environment: Environment; id: string; onClose: () => void }) {
  const { environment, id, onClose } = of;
  const episode = useQuery(episodeQuery(environment, id));
  return (
    <aside className="drawer" aria-label="Episode">
      <header>
        <h2>{episode.data?.title ?? 'Episode'}</h2>
        <ActionIcon className="end" variant="subtle" color="gray" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </ActionIcon>
      </header>
      {isMissing(episode.error) && (
        <p className="empty">
          There is no such episode in {ENVIRONMENT_NAMES[environment]}: the address may be mistyped, or of
          another environment.
        </p>
      )}
      {episode.error && !isMissing(episode.error) && (
        <Failure error={episode.error} onRetry={() => void episode.refetch()} />
      )}
      {episode.isPending && <div className="skeleton" />}
      {episode.data && <Parts episode={episode.data} environment={environment} />}
    </aside>
  );
}

function Parts({ episode, environment }: { episode: EpisodeDetail; environment: Environment }) {
  const { id, status, viability, wrapper, slot, nodeName, node, changedBy, offline } = episode;
  const version = episode.version ?? episode.newestVersion;
  return (
    <>
      <div className="inside">
        <dl className="facts">
          <Fact name="Status">
            <StateMark words={EPISODE_WORDS} state={status} />
            {status === 'recalled' && ' (recalled)'}
          </Fact>
          <Fact name="Version">{version ?? '-'}</Fact>
          <Fact name="Viability">{viability === null ? '-' : <Score value={viability} />}</Fact>
          <Fact name="Wrapper">{wrapper}</Fact>
          <Fact name="Node">{nodeName ?? node}</Fact>
          <Fact name="Slot">{slot}</Fact>
          {changedBy !== null && <Fact name="Changed by">{changedBy}</Fact>}
        </dl>
        {offline && (
          <p className="quiet">Made offline: no language model wrote this, it is for demonstration.</p>
        )}
        <audio
          className="episode-audio"
          controls
          preload="none"
          src={audioOf(episode, version)}
          aria-label={`Audio of ${episode.title ?? 'the episode'}`}
        />
      </div>
      {version !== null && <Document environment={environment} id={id} version={version} />}
      <details className="step">
        <summary>Provenance</summary>
        <div className="inside value">
          <Provenance episode={episode} />
        </div>
      </details>
      <details className="step">
        <summary>History</summary>
        <div className="inside">
          <History environment={environment} episode={episode} />
        </div>
      </details>
      <details className="step">
        <summary>Recall</summary>
        <div className="inside">
          <RecallForm key={episode.id} episode={episode} />
        </div>
      </details>
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Document(of: { environment: Environment; id: string; version: number }) {
  const document = useQuery(documentQuery(of.environment, of.id, of.version));
  if (document.error) return <Failure error={document.error} onRetry={() => void document.refetch()} />;
  if (!document.data) return <div className="skeleton" />;
  const { script, exercises } = document.data;
  return (
    <>
      <details className="step" open>
        <summary>Script</summary>
        <div className="inside value">
          <ReadableValue value={script.lines} />
        </div>
      </details>
      <details className="step">
        <summary>Exercises ({exercises.length})</summary>
        <div className="inside value">
          {exercises.length === 0 && <p className="quiet">It has none.</p>}
          {exercises.map((exercise, at) => (
            <Exercise key={at} exercise={exercise} lines={script.lines} />
          ))}
        </div>
      </details>
    </>
  );
}

const KINDS: Record<string, string> = {
  listen: 'Listen',
  comprehension: 'Comprehension',
  'cap-the-gap': 'Cap the gap',
};

function Exercise(of: {
  exercise: EpisodeDocument['exercises'][number];
  lines: EpisodeDocument['script']['lines'];
}) {
  const { kind, prompt, options, answer, line } = of.exercise;
  return (
    <div className="exercise">
      <span className="quiet">
        {KINDS[kind] ?? kind}, line {line + 1}: {of.lines[line]?.text}
      </span>
      <div>{prompt}</div>
      <ul>
        {options.map((option, at) => (
          <li key={at} className={option === answer ? 'answer' : undefined}>
            {option}
            {option === answer && ' (right)'}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Provenance({ episode: { provenance, pipelineStatus, pipelineBlock } }: { episode: EpisodeDetail }) {
  const {
    run,
    workflow,
    prompts,
    evaluators,
    scores,
    models,
    voices = [],
    rows,
    cost,
    calls = [],
  } = provenance;
  const lists = { prompts, evaluators, models, voices, rows };
  return (
    <dl>
      <dt>Run</dt>
      <dd>
        <Link to="/runs/$id" params={{ id: run }} search={{}}>
          {workflow ?? 'run'} <code>{run.slice(0, 8)}</code>
        </Link>{' '}
        {pipelineStatus !== null && <StateMark words={RUN_WORDS} state={pipelineStatus} />}
        {pipelineBlock !== null && <span className="quiet"> at {pipelineBlock}</span>}
      </dd>
      {Object.entries(lists).map(([name, values]) => (
        <ListFact key={name} name={name} values={values} />
      ))}
      {Object.entries(scores).map(([block, score]) => (
        <ScoreFact key={block} block={block} score={score} />
      ))}
      <dt>Model calls</dt>
      <dd>{calls.length}</dd>
      <dt>Cost</dt>
      <dd>{cost === undefined ? 'unknown' : costText(cost.amount, cost.unpriced)}</dd>
    </dl>
  );
}

const LISTS: Record<string, string> = {
  prompts: 'Prompts',
  evaluators: 'Evaluators',
  models: 'Models',
  voices: 'Voices',
  rows: 'Source rows',
};

function ListFact({ name, values }: { name: string; values: readonly string[] }) {
  return (
    <>
      <dt>{LISTS[name]}</dt>
      <dd>{values.length === 0 ? <span className="quiet">none</span> : values.join(', ')}</dd>
    </>
  );
}

function ScoreFact({ block, score }: { block: string; score: number }) {
  return (
    <>
      <dt>Score of {block}</dt>
      <dd>
        <Score value={score} />
      </dd>
    </>
  );
}
