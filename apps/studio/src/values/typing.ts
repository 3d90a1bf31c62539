import { useCallback, useRef, useState } from 'react';
import { keep, keptKeys, readKept } from './kept.js';
import { isGone, tab } from './tab.js';

/**
 * What a person has typed and not sent yet, kept by the browser at the place where it was typed: a reload, a crash and a
 * server that is away lose none of it. Each tab has its own; that of a tab which was closed goes to the next one that
 * comes to the place.
 */
interface Typing {
  readonly value: unknown;
  readonly at: number;
  /** It is of no use any more after that time. */
  readonly until: number;
}

const PREFIX = 'duofactory-typed/';
/** Nobody comes back for it after a season. */
const LONGEST_MS = 90 * 24 * 60 * 60_000;

const keyOf = (place: string, of = tab): string => `${PREFIX}${place}#${of}`;

/** undefined: nothing was typed there. */
export function readTyping(place: string): unknown {
  const own = typingAt(keyOf(place));
  if (own) return own.value;
  const [newest] = leftAt(place);
  if (!newest) return undefined;
  const { key, typing } = newest;
  keep(keyOf(place), typing);
  keep(key, undefined);
  return typing.value;
}

/** Written before the call returns. undefined: it was sent, or taken back. */
export function keepTyping(place: string, value: unknown, forMs = LONGEST_MS): void {
  const at = Date.now();
  keep(keyOf(place), value === undefined ? undefined : { value, at, until: at + forMs });
}

/** How much more tabs that are closed have left there. */
export const typingsLeft = (place: string): number => leftAt(place).length;

/**
 * As `useState`, for what a person types. `begin`: what stands there before; where that is another by now, what was typed
 * over it is no more. `forget`: it was sent; `inMs`: and may be taken back so long, with all that was typed. The place is
 * the same as long as the component is there.
 */
export function useTyping<T>(
  place: string,
  begin: () => T,
): readonly [typed: T, type: (next: T | ((before: T) => T)) => void, forget: (inMs?: number) => void] {
  const [begun] = useState(begin);
  const given = JSON.stringify(begun);
  const [typed, setTyped] = useState<T>(() => {
    const kept = readTyping(place) as { given: string; typed: T } | undefined;
    if (kept?.given !== given) return begun;
    // Taken back, what was sent is not to be forgotten any more.
    keepTyping(place, kept);
    return kept.typed;
  });
  const now = useRef(typed);
  const type = useCallback(
    (next: T | ((before: T) => T)) => {
      now.current = typeof next === 'function' ? (next as (before: T) => T)(now.current) : next;
      keepTyping(place, { given, typed: now.current });
      setTyped(now.current);
    },
    [place, given],
  );
  const forget = useCallback(
    (inMs = 0) => {
      const isTyped = inMs > 0 && now.current !== begun;
      keepTyping(place, isTyped ? { given, typed: now.current } : undefined, inMs);
    },
    [place, given, begun],
  );
  return [typed, type, forget];
}

/** Takes away what was typed at a place and at those under it, except by other tabs that are open. */
export function forgetTypings(place: string): void {
  for (const key of keysUnder(place)) keep(key, undefined);
}

/** What was typed at a place and at those under it stands at the same of another as well. */
export function copyTypings(place: string, to: string): void {
  forgetTypings(to);
  for (const key of keysUnder(place))
    keep(`${PREFIX}${to}${key.slice(PREFIX.length + place.length)}`, readKept(key));
}

export const isTypedUnder = (place: string): boolean => keysUnder(place).length > 0;

/** What was typed at places under another, each with its place. */
export function typingsUnder(place: string): readonly { readonly place: string; readonly value: unknown }[] {
  return keysUnder(place).flatMap((key) => {
    const typing = typingAt(key);
    return typing ? [{ place: key.slice(PREFIX.length, key.lastIndexOf('#')), value: typing.value }] : [];
  });
}

/** What other open tabs type is theirs. */
function keysUnder(place: string): readonly string[] {
  const prefix = `${PREFIX}${place}`;
  return keptKeys(prefix).filter((key) => {
    const of = key.slice(key.lastIndexOf('#') + 1);
    return /^[/#]/.test(key.slice(prefix.length)) && (of === tab || isGone(of));
  });
}

/** Of tabs that are gone, the newest first. */
function leftAt(place: string): readonly { key: string; typing: Typing }[] {
  const before = keyOf(place, '');
  return keptKeys(before)
    .filter((key) => isGone(key.slice(before.length)))
    .flatMap((key) => {
      const typing = typingAt(key);
      return typing ? [{ key, typing }] : [];
    })
    .sort((one, other) => other.typing.at - one.typing.at);
}

function typingAt(key: string): Typing | undefined {
  const typing = readKept(key) as Typing | undefined;
  if (!typing || typing.until > Date.now()) return typing;
  keep(key, undefined);
  return undefined;
}

for (const key of keptKeys(PREFIX)) typingAt(key);
