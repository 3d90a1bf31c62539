import { Failure } from '../frame/failure.js';
import { useInSight } from '../frame/use-in-sight.js';
import { costText } from '../values/cost.js';
import { ReadableValue, titleOf } from '../values/readable-value.js';
import type { Asked, ChatSample } from './use-chat.js';

/** What the model answers, sample by sample, with what it took. */
export function ChatPane({
  samples,
  isRunning,
  hasSchema,
}: {
  samples: readonly ChatSample[];
  isRunning: boolean;
  hasSchema: boolean;
}) {
  const top = useInSight(isRunning);
  return (
    <section className="panel" aria-labelledby="chat" aria-busy={isRunning}>
      <header className="chat-head" ref={top}>
        <h2 id="chat">Chat</h2>
        {isRunning && <span className="quiet">answering</span>}
      </header>
      {samples.length === 0 && (
        <div className="empty centered">
          <strong>RUN YOUR PROMPT</strong>
          <p>You'll see messages after running the prompt. Use Command + Enter, or click Run Prompt.</p>
        </div>
      )}
      {samples.map((one) => (
        <Sample key={one.sample} of={one} isOnly={samples.length === 1} hasSchema={hasSchema} />
      ))}
    </section>
  );
}

function Sample({ of, isOnly, hasSchema }: { of: ChatSample; isOnly: boolean; hasSchema: boolean }) {
  const { sample, said, done, failed } = of;
  const before = said.filter(({ step }) => step !== 'answer' && step !== 'repair');
  const speaking = said.at(-1);
  return (
    <article className="inside sample" aria-label={`Sample ${sample}`}>
      {!isOnly && <h3>Sample {sample}</h3>}
      {before.map(({ step, text }) => (
        <div key={step} className="chat-said">
          <span className="quiet">{titleOf(step)}</span>
          <ReadableValue value={text} />
        </div>
      ))}
      <div className="chat-said value">
        {done ? (
          <ReadableValue value={isText(done.value) ? done.value['text'] : done.value} />
        ) : (
          speaking && before.at(-1) !== speaking && <p>{speaking.text}</p>
        )}
      </div>
      {failed && <Failure error={failed} />}
      {done && (
        <Took done={done} isRepaired={said.some(({ step }) => step === 'repair')} hasSchema={hasSchema} />
      )}
      {!done && !failed && said.length === 0 && <p className="quiet">waiting for the model</p>}
    </article>
  );
}

function isText(value: Asked['value']): boolean {
  return Object.keys(value).length === 1 && typeof value['text'] === 'string';
}

function Took({ done, isRepaired, hasSchema }: { done: Asked; isRepaired: boolean; hasSchema: boolean }) {
  const { inputTokens, outputTokens, paid, saved, unpriced } = done.totals;
  const model = done.usage.at(-1);
  return (
    <dl className="facts took">
      <Fact name="Tokens" value={`${inputTokens} in, ${outputTokens} out`} />
      <Fact name="Cost" value={costText(paid, unpriced)} />
      {saved > 0 && <Fact name="Saved" value={costText(saved, 0)} />}
      {hasSchema && <Fact name="Schema" value={isRepaired ? 'fits, after one repair' : 'fits'} />}
      {model && (
        <Fact name="Model" value={model.provider === 'offline' ? `${model.model} (offline)` : model.model} />
      )}
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
