import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api } from '../api/client.js';
import { answer, faultOf } from '../api/problem.js';
import type { Speech, SpokenLine } from './speech.js';

/** Lines that a person corrects, and what came of one that was spoken again. */
export interface Correcting {
  /** By the place of the line. */
  readonly typed: Readonly<Record<number, string>>;
  /** undefined: it is taken back. */
  readonly type: (line: number, text: string | undefined) => void;
  readonly onSpoken: (speech: Speech, line: number) => void;
  /** The keys go back to the screen. */
  readonly onLeave: () => void;
}

/** The transcript: a line plays by a click, the word that is said is marked, a line may be spoken again. */
export function SpokenLines(of: {
  speech: Speech;
  correcting: Correcting | undefined;
  /** The line whose correction was asked for last. */
  opened: { readonly line: number } | undefined;
  onPlay: (line: number) => void;
  onCorrect: (line: number) => void;
}) {
  const { speech, correcting, opened, onPlay, onCorrect } = of;
  const { asked } = speech;
  const speak = useMutation({
    mutationFn: ({ line, text }: { line: number; text: string }) => {
      const lines = asked!.lines.map((one, i) => (i === line ? { ...one, text } : one));
      return answer(api.POST('/api/speech', { body: { ...asked!, lines } }));
    },
    onSuccess: (spoken, { line }) => correcting?.onSpoken(spoken, line),
  });
  const faultAt = (line: number): string | undefined =>
    speak.variables?.line === line
      ? (faultOf(speak.error, `lines.${line}.text`) ?? speak.error?.message)
      : undefined;
  return (
    <ol className="transcript" aria-label="Transcript">
      {speech.lines.map((line, i) => (
        <li key={i} className="said-line" data-line={i}>
          {correcting && asked?.lines[i] && correcting.typed[i] !== undefined ? (
            <CorrectLine
              label={`Line ${i + 1}, ${asked.lines[i].speaker}`}
              before={asked.lines[i].text}
              text={correcting.typed[i]}
              opened={opened?.line === i ? opened : undefined}
              fault={faultAt(i)}
              isSpeaking={speak.isPending}
              onText={(text) => correcting.type(i, text)}
              onSpeak={(text) => speak.mutate({ line: i, text })}
              onBack={() => {
                correcting.type(i, undefined);
                correcting.onLeave();
              }}
              onLeave={correcting.onLeave}
            />
          ) : (
            <>
              <button type="button" className="plain" onClick={() => onPlay(i)}>
                {line.speaker}
              </button>
              <p>
                <Words line={line} />
              </p>
              {correcting && asked && (
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
  return (
    <>
      {parts}
      {text.slice(from)}
    </>
  );
}

/** Enter speaks it; Escape leaves it, and takes back what is as it was. */
function CorrectLine(of: {
  label: string;
  before: string;
  text: string;
  opened: object | undefined;
  fault: string | undefined;
  /** One at a time: each is spoken within what the last one made. */
  isSpeaking: boolean;
  onText: (text: string) => void;
  onSpeak: (text: string) => void;
  onBack: () => void;
  onLeave: () => void;
}) {
  const { label, before, text, opened, fault, isSpeaking, onText, onSpeak, onBack, onLeave } = of;
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (opened) field.current?.focus();
  }, [opened]);
  const speak = (): void => {
    if (!isSpeaking) onSpeak(text);
  };
  return (
    <form
      className="correct"
      onSubmit={(event) => {
        event.preventDefault();
        speak();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        if (text === before) onBack();
        else onLeave();
      }}
    >
      <TextInput
        label={label}
        ref={field}
        value={text}
        error={fault}
        onChange={({ currentTarget }) => onText(currentTarget.value)}
      />
      <Button type="submit" loading={isSpeaking}>
        Speak line again
      </Button>
      <Button variant="default" onClick={onBack}>
        Back
      </Button>
    </form>
  );
}
