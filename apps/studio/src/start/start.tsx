import { Button, NativeSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useRef, useState, type FormEvent } from 'react';
import { api } from '../api/client.js';
import { answer, ApiProblem, faultOf, isMissing } from '../api/problem.js';
import { workflowQuery, workflowsQuery, type Existing } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';
import { versionsQuery } from '../definitions/definition-queries.js';
import { Failure } from '../frame/failure.js';
import { Nothing, NoVersion } from '../frame/nothing.js';
import { withPart } from '../frame/search.js';
import { useKeys } from '../frame/use-keys.js';
import { blocksToEstimate } from './blocks-to-estimate.js';
import { Estimate } from './estimate.js';
import { InputFields, inputsOf, readInputs, textOf } from './input-fields.js';
import { forgetStart, keepStart, readStart, type KeptStart } from './kept-start.js';
import { ListForm, readList } from './list-form.js';
import { useSentAs } from './sent-as.js';

const route = getRouteApi('/workflows/$id/start');

interface Startable {
  /** Of the workflow, or `draft`. */
  readonly version: string;
  readonly definition: Definition;
}

interface Definition {
  readonly name?: string;
  readonly description?: string;
  readonly blocks?: readonly {
    readonly id: string;
    readonly type: string;
    readonly times?: number;
    readonly with?: { readonly prompt?: unknown };
  }[];
}

/** While a person types, the estimate waits. */
const RESTS_MS = 400;

export function Start() {
  const { id } = route.useParams();
  const { version: wanted } = route.useSearch();
  const workflow = useQuery<Startable>(
    wanted === 'draft' ? startableDraft(id) : startableVersion(id, wanted),
  );
  if (isMissing(workflow.error) && typeof wanted === 'number')
    return (
      <NoVersion of="workflow" id={id} version={wanted}>
        <Link to="/workflows/$id/start" params={{ id }} search={{}}>
          To the latest version
        </Link>
      </NoVersion>
    );
  if (isMissing(workflow.error) && !isWithoutDraft(workflow.error))
    return (
      <Nothing title="There is nothing to run" why={`No version of the workflow ${id} is published.`}>
        <Link to="/workflows/$id" params={{ id }} search={{}}>
          Edit it
        </Link>
      </Nothing>
    );
  if (workflow.error)
    return (
      <>
        <Head id={id} name={undefined} />
        {isWithoutDraft(workflow.error) ? (
          <div className="panel">
            <p className="empty">
              This workflow has no draft: choose a version above, or{' '}
              <Link to="/workflows/$id" params={{ id }} search={{}}>
                edit it
              </Link>
              .
            </p>
          </div>
        ) : (
          <Failure error={workflow.error} onRetry={() => void workflow.refetch()} />
        )}
      </>
    );
  if (!workflow.data) return <div className="skeleton" />;
  return <StartForm key={`${id}@${workflow.data.version}`} id={id} startable={workflow.data} />;
}

const isWithoutDraft = (error: unknown): boolean => error instanceof ApiProblem && error.code === 'no-draft';

function Head({ id, name }: { id: string; name: string | undefined }) {
  return (
    <div className="head">
      <h1>Run {name ?? id}</h1>
      <code className="quiet">{id}</code>
      <VersionChoice id={id} />
    </div>
  );
}

/** `wanted`: a version that is published; none: the latest. */
const startableVersion = (id: string, wanted: number | undefined) => ({
  queryKey: ['startable', id, wanted ?? 'latest'],
  queryFn: async (): Promise<Startable> => {
    const { version, definition } = await (wanted === undefined
      ? queryClient.fetchQuery({ ...workflowQuery(id), staleTime: 0 })
      : answer(
          api.GET('/api/workflows/{id}/versions/{version}', {
            params: { path: { id, version: String(wanted) } },
          }),
        ));
    return { version: String(version), definition: definition as Definition };
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
  const { inputs: given = {}, rows, version: wanted, ...search } = route.useSearch();
  const asList = rows === 'list' && version !== 'draft';
  // The latest is asked for by name alone: what is published meanwhile is what starts.
  const reference = wanted === undefined ? id : `${id}@${wanted}`;
  const ofVersion = wanted === undefined ? {} : { version: wanted };
  const navigate = route.useNavigate();
  const declared = inputsOf(definition);
  const [kept] = useState(() => readStart(id));
  const [texts, setTexts] = useState<Record<string, string>>(() => {
    const begun = Object.fromEntries(
      declared.map(([name, { default: value }]) => [name, textOf(given[name] ?? value)]),
    );
    return kept.given === JSON.stringify(given) ? { ...begun, ...kept.texts } : begun;
  });
  const [unreadable, setUnreadable] = useState<Record<string, string>>({});
  const sentAs = useSentAs(`start/${id}`);
  const listSentAs = useSentAs(`start/${id}/list`);
  const start = useMutation({
    mutationFn: ({ inputs, key }: { inputs: Record<string, unknown>; key: string }) =>
      answer(
        api.POST('/api/runs', {
          body: { workflow: reference, inputs },
          params: { header: { 'Idempotency-Key': key } },
        }),
      ),
    onSuccess: (run) => {
      sentAs.answered();
      forgetStart(id);
      queryClient.setQueryData(['run', run.id], run);
      void queryClient.invalidateQueries({ queryKey: ['runs'] });
      return navigate({ to: '/runs/$id', params: { id: run.id }, search: {} });
    },
    onError: (error) => {
      if (error instanceof ApiProblem) sentAs.answered();
    },
  });

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { values, faults } = readInputs(declared, texts);
    setUnreadable(faults);
    if (Object.keys(faults).length === 0) start.mutate({ inputs: values, key: sentAs.key() });
  };
  const [listText, setListText] = useState(kept.list ?? '');
  const [limits, setLimits] = useState({
    concurrency: kept.concurrency ?? '10',
    maxCost: kept.maxCost ?? '',
  });
  const [existing, setExisting] = useState<Existing>('skip');
  const keepTyped = (changed: Partial<KeptStart>): void =>
    keepStart(id, { texts, given: JSON.stringify(given), list: listText, ...limits, ...changed });
  const [typed] = useDebouncedValue(texts, RESTS_MS);
  const [typedList] = useDebouncedValue(listText, RESTS_MS);
  const { list, unreadable: noList } = useMemo(
    () =>
      asList
        ? readList(typedList)
        : { list: { items: [readInputs(declared, typed).values] }, unreadable: undefined },
    // What is declared belongs to the version: another one is another form.
    [asList, typedList, typed],
  );
  const blocks = useMemo(() => blocksToEstimate(definition.blocks ?? []), [definition]);
  const form = useRef<HTMLElement>(null);
  useKeys({
    'ctrl+Enter': () => form.current?.querySelector<HTMLButtonElement>('button[type="submit"]')?.click(),
  });
  const faultAt = (name: string): string | undefined =>
    unreadable[name] ?? faultOf(start.error, name) ?? faultOf(start.error, `inputs.${name}`);
  return (
    <>
      <Head id={id} name={definition.name} />
      <div className="start-columns">
        <section className="panel" aria-label="Inputs" ref={form}>
          <div className="inside">
            {definition.description && <p>{definition.description}</p>}
            {version !== 'draft' && (
              <nav className="tabs" aria-label="How many">
                <Link
                  to="."
                  search={{ ...search, ...ofVersion }}
                  aria-current={asList ? undefined : 'page'}
                  activeOptions={{ exact: true }}
                  activeProps={{}}
                >
                  One run
                </Link>
                <Link
                  to="."
                  search={{ ...search, ...ofVersion, rows: 'list' }}
                  aria-current={asList ? 'page' : undefined}
                  activeOptions={{ exact: true }}
                  activeProps={{}}
                >
                  Many, from a list
                </Link>
              </nav>
            )}
            {asList ? (
              <ListForm
                workflow={reference}
                names={declared.map(([name]) => name)}
                text={listText}
                onText={(text) => {
                  setListText(text);
                  keepTyped({ list: text });
                }}
                limits={limits}
                onLimits={(next) => {
                  setLimits(next);
                  keepTyped(next);
                }}
                sentAs={listSentAs}
                onStarted={() => forgetStart(id)}
                list={list}
                isRead={typedList === listText}
                unreadable={noList}
                existing={existing}
                onExisting={setExisting}
              />
            ) : (
              <form className="stack" onSubmit={submit} noValidate>
                {declared.length === 0 && <p className="quiet">This workflow asks for nothing.</p>}
                <InputFields
                  declared={declared}
                  texts={texts}
                  faultAt={faultAt}
                  onChange={(name, text) => {
                    const next = { ...texts, [name]: text };
                    setTexts(next);
                    keepTyped({ texts: next });
                    setUnreadable(({ [name]: _, ...other }) => other);
                  }}
                />
                {start.error && <Failure error={start.error} />}
                <div>
                  <Button type="submit" loading={start.isPending}>
                    Start
                  </Button>
                </div>
              </form>
            )}
          </div>
        </section>
        <Estimate
          workflow={id}
          reference={reference}
          list={list}
          existing={asList ? existing : 'all'}
          blocks={blocks}
        />
      </div>
    </>
  );
}

/** Which version starts: the latest, one that was published before, or the draft. */
function VersionChoice({ id }: { id: string }) {
  const { version: wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const versions = useQuery(versionsQuery('workflows', id));
  const known = versions.data?.map(({ version }) => version) ?? [];
  const [latest] = known;
  const summary = useQuery(workflowsQuery).data?.find((one) => one.id === id);
  const isUnlisted = typeof wanted === 'number' && !known.includes(wanted);
  return (
    <NativeSelect
      aria-label="Version"
      value={wanted === undefined ? '' : String(wanted)}
      onChange={({ currentTarget: { value } }) => {
        const version = value === '' ? undefined : value === 'draft' ? ('draft' as const) : Number(value);
        void navigate({ search: (before) => withPart(before, 'version', version) });
      }}
      data={[
        { value: '', label: latest === undefined ? 'Latest version' : `Latest: version ${latest}` },
        ...known.map((version) => ({ value: String(version), label: `Version ${version}` })),
        ...(isUnlisted ? [{ value: String(wanted), label: `Version ${wanted}` }] : []),
        ...(summary?.draft || wanted === 'draft' ? [{ value: 'draft', label: 'Draft' }] : []),
      ]}
    />
  );
}

/** Those that ask models. */
