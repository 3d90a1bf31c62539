import type { ReactNode } from 'react';
import { runWord, STATUS, wordFor, type StatusIcon as Icon, type StatusWord } from './status.js';

const SHAPES: Record<Icon, ReactNode> = {
  ring: <circle cx="8" cy="8" r="5" />,
  dash: <path d="M3 8h10" />,
  funnel: <path d="M3 3.5h10l-4 5v4.5l-2-1V8.5z" />,
  slash: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M4.5 11.5l7-7" />
    </>
  ),
  pencil: <path d="M3 13l.8-3L10.5 3.3l2.2 2.2L6 12.2z" />,
  box: <path d="M2.5 4h11v3h-11zM3.5 7v6h9V7M6.5 9.5h3" />,
  arc: <path d="M8 2.5A5.5 5.5 0 1 1 2.5 8" className="turning" />,
  loop: <path d="M12.5 6A5 5 0 1 0 13 9M13 3v3.5H9.5" />,
  bars: <path d="M5.5 3v10M10.5 3v10" strokeWidth="2.2" />,
  question: <path d="M5.5 6a2.5 2.5 0 1 1 3.6 2.3C8.3 8.8 8 9.2 8 10M8 12.5v.6" />,
  person: (
    <>
      <circle cx="8" cy="5.2" r="2.7" />
      <path d="M2.8 13.5c.5-3 2.6-4.3 5.2-4.3s4.7 1.3 5.2 4.3" />
    </>
  ),
  check: <path d="M3 8.5l3.3 3.3L13 4.8" strokeWidth="2" />,
  half: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" />
    </>
  ),
  down: <path d="M8 3v10M4 9l4 4 4-4" />,
  cross: <path d="M4 4l8 8M12 4l-8 8" strokeWidth="2" />,
};

/** Icon, word and colour together: none of them alone carries the state. */
export function StatusMark({ word, children }: { word: StatusWord; children?: ReactNode }) {
  return (
    <span className={`status tone-${STATUS[word].tone}`}>
      <Shape word={word} />
      <span>
        {word}
        {children}
      </span>
    </span>
  );
}

/** Where there is no room for the word: what stands around it says it. */
export function StatusIcon({ word }: { word: StatusWord }) {
  return (
    <span className={`status tone-${STATUS[word].tone}`}>
      <Shape word={word} />
    </span>
  );
}

function Shape({ word }: { word: StatusWord }) {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">
      {SHAPES[STATUS[word].icon]}
    </svg>
  );
}

export function StateMark({ words, state }: { words: Readonly<Record<string, StatusWord>>; state: string }) {
  return <MarkOf word={wordFor(words, state)} state={state} />;
}

export function RunMark({ run }: { run: { readonly status: string; readonly awaitsReview: boolean } }) {
  return <MarkOf word={runWord(run)} state={run.status} />;
}

function MarkOf({ word, state }: { word: StatusWord | undefined; state: string }) {
  return word ? <StatusMark word={word} /> : <span className="status">{state}</span>;
}
