import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client.js';
import { answer, faultOf } from '../api/problem.js';
import type { Speech, SpokenLine } from './speech.js';

/** The transcript: a line plays by a click, the word that is said is marked, a line may be spoken again. */
export function SpokenLines(of: {
  speech: Speech;
  correcting: number | undefined;
  onPlay: (line: number) => void;
  onCorrect: ((line: number) => void) | undefined;
  onSpoken: (speech: Speech, line: number) => void;
  onBack: () => void;
}) {
  const { speech, correcting, onPlay, onCorrect, onSpoken, onBack } = of;
  return (
    <ol className="transcript" aria-label="Transcript">
      {speech.lines.map((line, i) => (
        <li key={i} className="said-line" data-line={i}>
          {correcting === i ? (
            <CorrectLine speech={speech} at={i} onSpoken={onSpoken} onBack={onBack} />
          ) : (
            <>
              <button type="button" className="plain" onClick={() => onPlay(i)}>
                {line.speaker}
              </button>
              <p>
                <Words line={line} />
              </p>
              {onCorrect && speech.asked && (
                <Button size="compact-xs" variant="subtle" onClick={() => onCorrect(i)}>
                  Correct<span className="hidden"> line {i + 1}</span>
                </Button>
              )}
            </>
          )}
        </li>
      ))}
    </ol>
  );
}

/** Words as they are said; punctuation between them stays as it is written. */
function Words({ line: { text, words } }: { line: SpokenLine }) {
  let from = 0;
  const parts = words.flatMap((word, i) => {
    const at = text.indexOf(word.text, from);
    if (at === -1) return [];
    const before = text.slice(from, at);
    from = at + word.text.length;
    return [
      before,
      <span key={i} className="word" data-word={i}>
        {word.text}
      </span>,
    ];
  });
  return [...parts, text.slice(from)];
}

function CorrectLine(of: {
  speech: Speech;
  at: number;
  onSpoken: (speech: Speech, line: number) => void;
  onBack: () => void;
}) {
  const { speech, at, onSpoken, onBack } = of;
  const asked = speech.asked!;
  const [text, setText] = useState(asked.lines[at]!.text);
  const speak = useMutation({
    mutationFn: () => {
      const lines = asked.lines.map((line, i) => (i === at ? { ...line, text } : line));
      return answer(api.POST('/api/speech', { body: { ...asked, lines } }));
    },
    onSuccess: (spoken) => onSpoken(spoken, at),
  });
  const fault = faultOf(speak.error, `lines.${at}.text`) ?? speak.error?.message;
  return (
    <form
      className="correct"
      onSubmit={(event) => {
        event.preventDefault();
        speak.mutate();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onBack();
      }}
    >
      <TextInput
        label={`Line ${at + 1}, ${asked.lines[at]!.speaker}`}
        autoFocus
        value={text}
        error={fault}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Button type="submit" loading={speak.isPending}>
        Speak line again
      </Button>
      <Button variant="default" onClick={onBack}>
        Back
      </Button>
    </form>
  );
}
