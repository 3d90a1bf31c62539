import { Button, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { idFault } from '../values/kebab-id.js';
import { useTyping } from '../values/typing.js';

/** A new prompt, workflow, evaluator: it begins as a draft under an id of its own. */
export function NewOne({ one, onNew }: { one: string; onNew: (id: string) => void }) {
  const [id, setId, forget] = useTyping(`new/${one}`, () => '');
  const fault = idFault(id);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (id === '' || fault !== undefined) return;
    forget();
    onNew(id);
  };
  return (
    <form className="end new-one" onSubmit={submit}>
      <TextInput
        aria-label={`Id of a new ${one}`}
        placeholder="id-of-a-new-one"
        value={id}
        error={fault}
        onChange={({ currentTarget }) => setId(currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={id === '' || fault !== undefined}>
        New {one}
      </Button>
    </form>
  );
}
