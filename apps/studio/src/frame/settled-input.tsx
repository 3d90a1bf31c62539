import { TextInput, type TextInputProps } from '@mantine/core';
import { useEffect, useState } from 'react';
import { keepWaiting, waitingText } from '../values/waiting-text.js';

interface SettledProps extends Omit<TextInputProps, 'value' | 'onChange' | 'error'> {
  readonly value: string;
  /** Where what is typed and does not count yet is kept, over a reload too. */
  readonly place: string;
  /** Why this text cannot be taken, if it cannot. */
  readonly check: (text: string) => string | undefined;
  readonly onSettle: (text: string) => void;
  readonly fault?: string | undefined;
}

/** A name that others refer to: half typed it is nobody's name, so it counts at Enter, on leaving the field, and before a save by key. */
export function SettledInput({ value, place, check, onSettle, fault, ...shown }: SettledProps) {
  const [typed, setTyped] = useState(() => waitingText(place, value) ?? value);
  useEffect(() => setTyped(waitingText(place, value) ?? value), [place, value]);
  const wrong = typed === value ? undefined : check(typed);
  const settle = (): void => {
    if (typed === value || wrong !== undefined) return;
    keepWaiting(place, undefined);
    onSettle(typed);
  };
  return (
    <TextInput
      {...shown}
      value={typed}
      error={wrong ?? fault}
      onChange={({ currentTarget: { value: text } }) => {
        setTyped(text);
        keepWaiting(place, text === value ? undefined : { text, over: value });
      }}
      onBlur={settle}
      onKeyDown={({ key, ctrlKey, metaKey }) => {
        if (key === 'Enter' || (key.toLowerCase() === 's' && (ctrlKey || metaKey))) settle();
      }}
    />
  );
}
