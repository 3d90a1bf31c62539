import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import '@mantine/core/styles/Checkbox.css';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client.js';
import { answer, ApiProblem, faultOf } from '../api/problem.js';
import { workflowQuery } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';
import { Failure } from '../frame/failure.js';
import { titleOf } from '../values/readable-value.js';

const route = getRouteApi('/workflows/$id/start');

interface InputDeclaration {
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array';
  readonly description?: string;
  readonly default?: unknown;
}

interface Startable {
  /** Of the workflow, or `draft`. */
  readonly version: string;
  readonly definition: Declared;
}

interface Declared {
  readonly name?: string;
  readonly description?: string;
  readonly inputs?: Readonly<Record<string, InputDeclaration>>;
}

export function Start() {
  const { id } = route.useParams();
  const { version: wanted } = route.useSearch();
  const workflow = useQuery<Startable>(wanted === 'draft' ? startableDraft(id) : startableVersion(id));
  if (workflow.error) return <Failure error={workflow.error} onRetry={() => void workflow.refetch()} />;
  if (!workflow.data) return <div className="skeleton" />;
  return <StartForm key={`${id}@${workflow.data.version}`} id={id} startable={workflow.data} />;
}

const startableVersion = (id: string) => ({
  queryKey: ['startable', id],
  queryFn: async (): Promise<Startable> => {
    const { version, definition } = await queryClient.fetchQuery({ ...workflowQuery(id), staleTime: 0 });
    return { version: String(version), definition: definition as Declared };
  },
});

const startableDraft = (id: string) => ({
  queryKey: ['startable', id, 'draft'],
  queryFn: async (): Promise<Startable> => {
    const { definition } = await answer(api.GET('/api/workflows/{id}/draft', { params: { path: { id } } }));
    return { version: 'draft', definition: definition };
  },
});

function StartForm({ id, startable: { version, definition } }: { id: string; startable: Startable }) {
  const given = route.useSearch().inputs ?? {};
  const navigate = route.useNavigate();
  const declared = Object.entries(definition.inputs ?? {});
  const [texts, setTexts] = useState<Record<string, string>>(() =>
    Object.fromEntries(declared.map(([name, { default: value }]) => [name, textOf(given[name] ?? value)])),
  );
  const [unreadable, setUnreadable] = useState<Record<string, string>>({});
  // One press is one run, however often it is sent.
  const [idempotencyKey, setIdempotencyKey] = useState(() => crypto.randomUUID());
  const start = useMutation({
    mutationFn: (inputs: Record<string, unknown>) =>
      answer(
        api.POST('/api/runs', {
          body: { workflow: version === 'draft' ? `${id}@draft` : id, inputs },
          params: { header: { 'Idempotency-Key': idempotencyKey } },
        }),
      ),
    onSuccess: (run) => {
      queryClient.setQueryData(['run', run.id], run);
      void queryClient.invalidateQueries({ queryKey: ['runs'] });
      return navigate({ to: '/runs/$id', params: { id: run.id }, search: {} });
    },
    onError: (error) => {
      if (error instanceof ApiProblem) setIdempotencyKey(crypto.randomUUID());
    },
  });

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { values, faults } = readInputs(declared, texts);
    setUnreadable(faults);
    if (Object.keys(faults).length === 0) start.mutate(values);
  };
  const faultAt = (name: string): string | undefined =>
    unreadable[name] ?? faultOf(start.error, name) ?? faultOf(start.error, `inputs.${name}`);
  return (
    <>
      <div className="head">
        <h1>Run {definition.name ?? id}</h1>
        <span className="quiet">
          <code>{id}</code> {version === 'draft' ? 'draft' : `version ${version}`}
        </span>
      </div>
      <section className="panel">
        <div className="inside">
          {definition.description && <p>{definition.description}</p>}
          <form className="stack" onSubmit={submit} noValidate>
            {declared.length === 0 && <p className="quiet">This workflow asks for nothing.</p>}
            {declared.map(([name, { type, description }]) => (
              <InputField
                key={name}
                name={name}
                type={type}
                description={description}
                text={texts[name] ?? ''}
                fault={faultAt(name)}
                onChange={(text) => {
                  setTexts((known) => ({ ...known, [name]: text }));
                  setUnreadable(({ [name]: _, ...rest }) => rest);
                }}
              />
            ))}
            {start.error && <Failure error={start.error} />}
            <div>
              <Button type="submit" loading={start.isPending}>
                Start
              </Button>
            </div>
          </form>
        </div>
      </section>
    </>
  );
}

function InputField({
  name,
  type,
  description,
  text,
  fault,
  onChange,
}: {
  name: string;
  type: InputDeclaration['type'];
  description: string | undefined;
  text: string;
  fault: string | undefined;
  onChange: (text: string) => void;
}) {
  const shared = { label: titleOf(name), description, error: fault, name };
  if (type === 'boolean')
    return (
      <Checkbox
        {...shared}
        checked={text === 'true'}
        onChange={({ currentTarget }) => onChange(String(currentTarget.checked))}
      />
    );
  if (type === 'object' || type === 'array')
    return (
      <Textarea
        {...shared}
        description={`${description ?? ''} As JSON.`.trim()}
        className="mono"
        rows={4}
        value={text}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  return (
    <TextInput
      {...shared}
      inputMode={type === 'string' ? 'text' : 'decimal'}
      value={text}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What was typed, as the types of the declaration. An empty field is left out: its default holds, or the server says. */
function readInputs(
  declared: readonly (readonly [string, InputDeclaration])[],
  texts: Record<string, string>,
): { values: Record<string, unknown>; faults: Record<string, string> } {
  const values: Record<string, unknown> = {};
  const faults: Record<string, string> = {};
  for (const [name, { type }] of declared) {
    const text = texts[name] ?? '';
    if (text === '') continue;
    if (type === 'string') values[name] = text;
    else {
      try {
        values[name] = JSON.parse(text) as unknown;
      } catch {
        faults[name] = type === 'object' || type === 'array' ? 'This is no JSON' : 'This is no number';
      }
    }
  }
  return { values, faults };
}
