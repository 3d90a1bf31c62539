import type { RunDetail, WayStep } from '../api/client.js';
import { StateMark } from '../frame/status-mark.js';
import { PAYLOAD_WORDS } from '../frame/status.js';
import { costText } from '../values/cost.js';
import { keyText } from '../values/payload-key.js';
import { ReadableValue } from '../values/readable-value.js';
import { durationText } from '../values/time.js';
import { isObject } from '../values/is-object.js';
import { AttemptList } from './attempt-list.js';
import { RenderedPrompt } from './rendered-prompt.js';
import { RerunButton } from './rerun-button.js';

type Task = NonNullable<WayStep['task']>;

/** What one block was given, what it said, and how long and how often it was tried. */
export function StepColumn({ run, step, isFirst }: { run: RunDetail; step: WayStep; isFirst: boolean }) {
  const { block, type, state, value, ref, task, key, editable } = step;
  return (
    <section className="column" aria-label={`Block ${block}`} tabIndex={isFirst ? 0 : -1}>
      <header>
        <span className="block-name">
          <h3>{block}</h3>
          <small>{type}</small>
        </span>
        <StateMark words={PAYLOAD_WORDS} state={state} />
      </header>
      <div className="inside value">
        <p className="quiet key">{keyText(key)}</p>
        {task && <TaskFacts task={task} />}
        {task && <Given task={task} />}
        {task && type === 'prompt' && <RenderedPrompt task={task.id} />}
        <details open>
          <summary>Output</summary>
          {ref ? (
            <p className="quiet">Large: it is kept in the object store.</p>
          ) : (
            <ReadableValue value={value} />
          )}
        </details>
        {editable && isObject(value) && (
          <RerunButton
            run={run}
            label="Correct and rerun…"
            block={block}
            payloadKey={key}
            result={value}
            small
          />
        )}
      </div>
    </section>
  );
}

function TaskFacts({ task: { attempts, paid, reusedFrom } }: { task: Task }) {
  const last = attempts.at(-1);
  return (
    <dl>
      {last?.begunAt && (
        <>
          <dt>Took</dt>
          <dd>{durationText(Date.parse(last.at) - Date.parse(last.begunAt))}</dd>
        </>
      )}
      <dt>Cost</dt>
      <dd>
        {costText(paid.amount, paid.unpriced)}
        {reusedFrom !== null && ' (taken over from an earlier run)'}
      </dd>
      {attempts.length > 1 && (
        <>
          <dt>Attempts</dt>
          <dd>
            <AttemptList attempts={attempts} />
          </dd>
        </>
      )}
    </dl>
  );
}

function Given({ task: { input } }: { task: Task }) {
  return (
    <details>
      <summary>Input</summary>
      {input.payloads !== null && <p className="quiet">A list of {input.payloads} payloads</p>}
      <ReadableValue value={input.with} />
    </details>
  );
}
