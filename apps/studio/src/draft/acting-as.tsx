import { useId } from 'react';
import { actingUser, isUserName } from '../api/acting-user.js';
import { useKeptChoice } from '../values/kept.js';
import { useInlineEdit } from '../values/use-inline-edit.js';

/** Under which name saves stand in the history, and what others see while this person types. */
export function ActingAs() {
  const name = useKeptChoice(actingUser);
  const { typed, type, open, close, opener, isPressed } = useInlineEdit('acting-as');
  const why = useId();
  if (typed === undefined)
    return (
      <button ref={opener} type="button" className="plain" onClick={() => open(name)}>
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
        close();
      }}
      onKeyDown={({ key }) => {
        if (key === 'Escape') close();
      }}
    >
      <input
        aria-label="Your name: letters, digits and . _ @ + -"
        aria-describedby={isWrong ? why : undefined}
        placeholder="your name"
        value={typed}
        aria-invalid={isWrong}
        autoFocus={isPressed}
        onChange={({ currentTarget }) => type(currentTarget.value)}
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
