import { useId, useState } from 'react';
import { actingUser, isUserName } from '../api/acting-user.js';
import { useKeptChoice } from '../values/kept.js';

/** Under which name saves stand in the history, and what others see while this person types. */
export function ActingAs() {
  const name = useKeptChoice(actingUser);
  const [typed, setTyped] = useState<string>();
  const why = useId();
  if (typed === undefined)
    return (
      <button type="button" className="plain" onClick={() => setTyped(name)}>
        as {name}
        <span className="hidden">, change your name</span>
      </button>
    );
  const isName = isUserName(typed.trim().normalize('NFC'));
  const isWrong = typed.trim() !== '' && !isName;
  return (
    <form
      className="acting-as"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isName) return;
        actingUser.choose(typed.trim().normalize('NFC'));
        setTyped(undefined);
      }}
      onKeyDown={({ key }) => {
        if (key === 'Escape') setTyped(undefined);
      }}
    >
      <input
        aria-label="Your name: letters, digits and . _ @ + -"
        aria-describedby={isWrong ? why : undefined}
        placeholder="your name"
        value={typed}
        aria-invalid={isWrong}
        autoFocus
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <button type="submit" className="plain" disabled={!isName}>
        OK
      </button>
      {isWrong && (
        <span className="tone-bad" id={why} role="alert">
          Begin with a letter or a digit; then letters, digits, spaces and . _ @ + -, at most 60
        </span>
      )}
    </form>
  );
}
