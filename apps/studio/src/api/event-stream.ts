import { actingUser, headerOf } from './acting-user.js';
import { problemOf, ServerAway } from './problem.js';

export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

/**
 * Events that answer a POST, as they come: EventSource can only GET. Throws ApiProblem or ServerAway, also where the
 * stream breaks off before it ended.
 */
export async function* postForEvents(
  path: string,
  of: { body: unknown; headers?: Record<string, string>; signal: AbortSignal },
): AsyncGenerator<ServerEvent> {
  const response = await fetch(path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'x-duofactory-user': headerOf(actingUser.value),
      ...of.headers,
    },
    body: JSON.stringify(of.body),
    signal: of.signal,
  }).catch((cause: unknown) => {
    of.signal.throwIfAborted();
    throw new ServerAway(cause);
  });
  if (!response.ok || !response.body)
    throw problemOf(response.status, await response.json().catch(() => undefined));
  let text = '';
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      of.signal.throwIfAborted();
      throw new ServerAway(cause);
    });
    if (done) return;
    text += value;
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const told = eventOf(block);
      if (told) yield told;
    }
  }
}

function eventOf(block: string): ServerEvent | undefined {
  const field = (name: string): string | undefined =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  const [event, data] = [field('event'), field('data')];
  return event === undefined || data === undefined ? undefined : { event, data: JSON.parse(data) as unknown };
}
