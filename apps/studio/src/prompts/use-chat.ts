import { useCallback, useEffect, useRef, useState } from 'react';
import { postForEvents } from '../api/event-stream.js';
import { problemOf, ServerAway } from '../api/problem.js';
import type { components } from '../api/schema.js';

export type Asked = components['schemas']['AskedPrompt'];

/** One answer to the prompt, as far as it is said. */
export interface ChatSample {
  readonly sample: number;
  /** What the model said so far, by step; `answer` is the last, `repair` its second try. */
  readonly said: readonly { readonly step: string; readonly text: string }[];
  readonly done?: Asked;
  readonly failed?: Error;
}

export interface Chat {
  readonly samples: readonly ChatSample[];
  readonly isRunning: boolean;
  readonly run: (question: object, samples: number) => void;
  readonly stop: () => void;
}

/**
 * Runs a prompt outside of a workflow, each sample as it is spoken. While it runs nothing else is asked: to leave an
 * answer does not undo its cost. Asked the same again after the server went away, what it had paid for answers.
 */
export function useChat(): Chat {
  const [samples, setSamples] = useState<readonly ChatSample[]>([]);
  const [running, setRunning] = useState(0);
  const stopping = useRef<AbortController>(undefined);
  const cutOff = useRef<{ readonly asked: string; readonly key: string }>(undefined);
  useEffect(() => () => stopping.current?.abort(), []);

  const run = useCallback((question: object, count: number) => {
    if (stopping.current) return;
    const stop = new AbortController();
    stopping.current = stop;
    const asked = JSON.stringify(question);
    // Each press asks anew; its samples differ by their number.
    const key = cutOff.current?.asked === asked ? cutOff.current.key : crypto.randomUUID();
    cutOff.current = undefined;
    let left = count;
    const numbers = Array.from({ length: count }, (_, n) => n + 1);
    setSamples(numbers.map((sample) => ({ sample, said: [] })));
    setRunning(count);
    const change = (sample: number, by: (known: ChatSample) => ChatSample): void => {
      if (stopping.current === stop)
        setSamples((known) => known.map((one) => (one.sample === sample ? by(one) : one)));
    };
    for (const sample of numbers)
      void ask({ ...question, sample }, key, stop.signal, (by) => change(sample, by))
        .catch((failed: Error) => {
          if (failed instanceof ServerAway) cutOff.current = { asked, key };
          if (!stop.signal.aborted) change(sample, (known) => ({ ...known, failed }));
        })
        .finally(() => {
          left -= 1;
          if (stopping.current !== stop) return;
          if (left === 0) stopping.current = undefined;
          setRunning(left);
        });
  }, []);
  const stop = useCallback(() => {
    stopping.current?.abort();
    stopping.current = undefined;
    setRunning(0);
  }, []);
  return { samples, isRunning: running > 0, run, stop };
}

async function ask(
  body: object,
  key: string,
  signal: AbortSignal,
  change: (by: (known: ChatSample) => ChatSample) => void,
): Promise<void> {
  const headers = { 'idempotency-key': key };
  for await (const { event, data } of postForEvents('/api/prompt-runs', { body, headers, signal })) {
    if (event === 'text') {
      const { step, text } = data as { step: string; text: string };
      change((known) => ({ ...known, said: withText(known.said, step, text) }));
    } else if (event === 'done') change((known) => ({ ...known, done: data as Asked }));
    else if (event === 'failed') throw problemOf((data as { status: number }).status, data);
  }
}

function withText(said: ChatSample['said'], step: string, text: string): ChatSample['said'] {
  const last = said.at(-1);
  if (last?.step !== step) return [...said, { step, text }];
  return [...said.slice(0, -1), { step, text: last.text + text }];
}
