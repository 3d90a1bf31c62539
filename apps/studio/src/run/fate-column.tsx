import type { Fate } from '../api/client.js';
import { StateMark } from '../frame/status-mark.js';
import { FATE_WORDS } from '../frame/status.js';
import { keyText } from '../values/payload-key.js';
import { ReadableValue } from '../values/readable-value.js';
import { RunLink } from './run-link.js';

const WENT_ON = new Set(['went-on', 'picked', 'collected', 'kept']);

/** Whether the payload went on at a block below, and why not. */
export function FateColumn(of: { run: string; fate: Fate; at: string; isFirst: boolean }) {
  const { run, fate, at, isFirst } = of;
  const { block, what, why } = fate;
  return (
    <section className="column fate" aria-label={`What became of it at ${block}`} tabIndex={isFirst ? 0 : -1}>
      <header>
        <h3>{block}</h3>
        <StateMark words={FATE_WORDS} state={what} />
      </header>
      <div className="inside value">
        <p>
          <strong>{sentenceOf(fate)}</strong>
        </p>
        {Object.keys(why).length > 0 && <ReadableValue value={told(why)} />}
        {WENT_ON.has(what) && (
          <p>
            <RunLink
              id={run}
              place={{ view: what === 'collected' ? 'results' : 'lineage', block, key: at }}
              current={false}
            >
              {what === 'collected' ? `Results of ${block}` : `On to ${block}`}
            </RunLink>
          </p>
        )}
      </div>
    </section>
  );
}

const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

function sentenceOf({ block, what, why }: Fate): string {
  const text = (name: string): string => (typeof why[name] === 'string' ? why[name] : '');
  const list = (name: string): string => (Array.isArray(why[name]) ? why[name].join(', ') : '');
  switch (what) {
    case 'went-on':
      return `It went on through ${block}.`;
    case 'picked':
      return `${block} took it.`;
    case 'collected':
      return `${block} took it together with the others of its group.`;
    case 'not-picked':
      if (why['reason'] === 'where')
        return `${block} did not take it: ${text('where')} is ${valueText(why['value'])} for it.`;
      if (why['reason'] === 'top')
        return `${block} takes the first ${valueText(why['top'])}: it came as number ${valueText(why['rank'])}, with ${valueText(why['value'])}.`;
      return `${block} did not take it: others of ${keyText(text('group'))} were before it, or it did not fit.`;
    case 'unmatched':
      return `${block} joins it with ${list('needs')}; from ${list('absent') || 'there'} nothing came for ${keyText(text('group'))}.`;
    case 'passed-by':
      return `It passed ${block} by: its condition did not hold.`;
    case 'rejected':
      return `A person rejected it${text('by') === '' ? '' : `: ${text('by')}`}.`;
    case 'dropped':
      return `${block} could not make it, and its error policy drops what fails.`;
    case 'kept':
      return `${block} failed; its error policy goes on without the result.`;
    case 'failed':
      return `${block} failed.`;
    case 'rounds-exhausted':
      return `${block} tried as often as it may, and its aim was not reached.`;
    case 'not-made':
      return `${block} made no payload of this key.`;
    case 'waiting':
      return `${block} waits for the others of ${keyText(text('group'))}.`;
    case 'open':
      return `${block} works on it.`;
    case 'not-reached':
      return `It has not come to ${block}.`;
    default:
      return what;
  }
}

/** The sentence has said what is known of the group. */
function told({ group: _, ...why }: Fate['why']): Fate['why'] {
  return why;
}
