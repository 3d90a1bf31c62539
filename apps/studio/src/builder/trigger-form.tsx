import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api, type Trigger } from '../api/client.js';
import { answer, faultOf } from '../api/problem.js';
import { Failure } from '../frame/failure.js';
import { textOf, type Declared, type InputDeclaration } from '../start/input-fields.js';
import { idFault } from '../values/kebab-id.js';
import { useTyping } from '../values/typing.js';
import { changedTriggers } from './starts-queries.js';
import { VersionToStart } from './version-to-start.js';

const FIELDS = ['id', 'topic', 'type', 'source', 'when', 'workflow'] as const;

/** Which events start runs, and what of an event becomes their inputs. */
export function TriggerForm({
  workflow,
  declared,
  trigger,
  onClose,
}: {
  workflow: string;
  declared: Declared;
  trigger: Trigger | undefined;
  onClose: () => void;
}) {
  const [typed, setTyped, forget] = useTyping(`trigger/${workflow}/${trigger?.id ?? ''}`, () => ({
    id: trigger?.id ?? '',
    reference: trigger?.workflow ?? workflow,
    topic: trigger?.topic ?? 'duofactory.content',
    type: trigger?.type ?? '',
    source: trigger?.source ?? '',
    when: trigger?.when ?? '',
    texts: Object.fromEntries(declared.map(([name]) => [name, textOf(trigger?.inputs[name])])),
  }));
  const { id, reference, topic, type, source, when, texts } = typed;
  const put = (part: Partial<typeof typed>): void => setTyped((known) => ({ ...known, ...part }));
  const close = (): void => {
    forget();
    onClose();
  };
  const save = useMutation({
    mutationFn: () => {
      const header = trigger ? {} : { 'If-None-Match': '*' };
      const inputs = Object.fromEntries(
        declared
          .map(([name, { type: of }]) => [name, valueOf(of, texts[name] ?? '')] as const)
          .filter(([, value]) => value !== ''),
      );
      const said = { ...(source === '' ? {} : { source }), ...(when === '' ? {} : { when }) };
      const body = { topic, type, workflow: reference, inputs, ...said, paused: trigger?.paused ?? false };
      return answer(api.PUT('/api/triggers/{id}', { params: { path: { id }, header }, body }));
    },
    onSuccess: async () => {
      await changedTriggers();
      close();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (id !== '' && idFault(id) === undefined) save.mutate();
  };
  const said = (field: string): string | undefined => faultOf(save.error, field);
  const isAtField =
    FIELDS.some((field) => said(field) !== undefined) ||
    declared.some(([name]) => said(`inputs.${name}`) !== undefined);
  return (
    <form
      className="stack"
      aria-label={trigger ? `Trigger ${trigger.id}` : 'New trigger'}
      onSubmit={submit}
      noValidate
    >
      {!trigger && (
        <TextInput
          label="Id"
          placeholder={`${workflow}-on-change`}
          withAsterisk
          value={id}
          error={idFault(id) ?? said('id')}
          onChange={({ currentTarget }) => put({ id: currentTarget.value })}
        />
      )}
      <TextInput
        label="Topic"
        value={topic}
        error={said('topic')}
        onChange={({ currentTarget }) => put({ topic: currentTarget.value })}
      />
      <TextInput
        label="Type of the event"
        placeholder="org.example.unit-changed.v1"
        withAsterisk
        value={type}
        error={said('type')}
        onChange={({ currentTarget }) => put({ type: currentTarget.value })}
      />
      <TextInput
        label="Only from"
        placeholder="any source"
        value={source}
        error={said('source')}
        onChange={({ currentTarget }) => put({ source: currentTarget.value })}
      />
      <TextInput
        label="Only if"
        description="An expression that sees the event"
        placeholder="data.environment = 'prod'"
        classNames={{ input: 'mono' }}
        value={when}
        error={said('when')}
        onChange={({ currentTarget }) => put({ when: currentTarget.value })}
      />
      <VersionToStart
        workflow={workflow}
        reference={reference}
        fault={said('workflow')}
        onChange={(next) => put({ reference: next })}
      />
      {declared.map(([name]) => (
        <TextInput
          key={name}
          label={`Input ${name}`}
          placeholder={`{{data.${name}}}`}
          value={texts[name] ?? ''}
          error={said(`inputs.${name}`)}
          onChange={({ currentTarget: { value } }) => put({ texts: { ...texts, [name]: value } })}
        />
      ))}
      {save.error && !isAtField && <Failure error={save.error} />}
      <div className="actions">
        <Button type="submit" loading={save.isPending}>
          {trigger ? 'Save trigger' : 'Make trigger'}
        </Button>
        <Button variant="default" onClick={close}>
          Close
        </Button>
      </div>
    </form>
  );
}

/** A template as it is; what is no text, as JSON says it. Not said, the input's default holds. */
function valueOf(type: InputDeclaration['type'], text: string): unknown {
  if (type === 'string' || text.includes('{{')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The server says at this field what is wrong with it.
    return text;
  }
}
