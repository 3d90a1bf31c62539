import { useState } from 'react';
import { actingUser, isUserName } from '../api/acting-user.js';
import { useKeptChoice } from '../values/kept.js';

/** Under which name saves stand in the history, and what others see while this person types. */
export function ActingAs() {
  const name = useKeptChoice(actingUser);
  const [typed, setTyped] = useState<string>();
  if (typed === undefined)
    return (
      <button type="button" className="plain" onClick={() => setTyped(name ?? '')}>
        as {name ?? 'local'}
        <span className="hidden">, change your name</span>
      </button>
    );
  const isName = isUserName(typed.trim());
  return (
    <form
      className="acting-as"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isName) return;
        actingUser.choose(typed.trim());
        setTyped(undefined);
      }}
      onKeyDown={({ key }) => {
        if (key === 'Escape') setTyped(undefined);
      }}
    >
      <input
        aria-label="Your name: letters, digits and . _ @ + -"
        placeholder="your name"
        value={typed}
        aria-invalid={typed !== '' && !isName}
        autoFocus
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <button type="submit" className="plain" disabled={!isName}>
        OK
      </button>
    </form>
  );
}
