import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { idFault } from '../values/kebab-id.js';

/** A new prompt, workflow, evaluator: it begins as a draft under an id of its own. */
export function NewOne({ one, onNew }: { one: string; onNew: (id: string) => void }) {
  const [id, setId] = useState('');
  const fault = idFault(id);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (id !== '' && fault === undefined) onNew(id);
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
