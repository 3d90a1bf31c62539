import { ReadableValue, titleOf } from '../values/readable-value.js';

interface Message {
  readonly role: string;
  readonly text: string;
}

/** A request to a model as its words: vendors wrap them in shapes of their own. */
export function SentRequest({ step, request }: { step: string; request: unknown }) {
  const messages = messagesOf(request);
  return (
    <section className="sent" aria-label={titleOf(step)}>
      {messages.length === 0 ? (
        <ReadableValue value={request} />
      ) : (
        messages.map(({ role, text }, i) => (
          <div key={i} className="message">
            <strong>{titleOf(role)}</strong>
            <ReadableValue value={text} />
          </div>
        ))
      )}
    </section>
  );
}

function messagesOf(request: unknown): Message[] {
  const { messages, input } = request as { messages?: unknown; input?: unknown };
  const said = Array.isArray(messages) ? messages : Array.isArray(input) ? input : [];
  return said.flatMap((one) => {
    const { role, text, content } = one as { role?: unknown; text?: unknown; content?: unknown };
    return typeof role === 'string' ? [{ role, text: textOf(text ?? content) }] : [];
  });
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: { text?: unknown }) => (typeof part.text === 'string' ? part.text : '[image]'))
    .join('\n');
}
