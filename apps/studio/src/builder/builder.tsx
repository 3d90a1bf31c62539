import { Button, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Suspense, type ComponentProps, useEffect, useMemo, useRef, useState } from 'react';
import { lazyPart } from '../api/load-part.js';
import { blockTypesQuery, runsQuery } from '../api/queries.js';
import type { WorkflowDraft } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
import { Failure } from '../frame/failure.js';
import { Conflict, SavedMark } from '../draft/saved-mark.js';
import { useEditKeys } from '../draft/use-edit-keys.js';
import { useFoundDraft, type FoundDraft } from '../draft/use-draft.js';
import { Icon } from '../frame/icons.js';
import { withPart } from '../frame/search.js';
import { BlockForm } from './block-form.js';
import { BlockList } from './block-list.js';
import './builder.css';
import type { Edit, EditedBlock, EditedWorkflow } from './document.js';
import { Palette } from './palette.js';
import { useWorkflowDraft, workflowSource, type WorkflowEditing } from './workflow-draft.js';

const Canvas = lazyPart(() => import('./canvas.js'));
const YamlEditor = lazyPart(() => import('../draft/yaml-editor.js'));
const route = getRouteApi('/workflows/$id');

/** Opens the editor once there is something to edit: the draft, the latest version, or an empty workflow. */
export function Builder() {
  const { id } = route.useParams();
  const found = useFoundDraft(workflowSource(id));
  if (found.error && !found.data) return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <div className="skeleton" />;
  return <Editor key={id} id={id} found={found.data} />;
}

const VIEWS = { list: 'List', canvas: 'Canvas', yaml: 'YAML' } as const;

function Editor({ id, found }: { id: string; found: FoundDraft }) {
  const { view = 'list', block: opened } = route.useSearch();
  const navigate = route.useNavigate();
  const draft = useWorkflowDraft(id, found);
  const types = useQuery(blockTypesQuery);
  const manifests = useMemo(
    () => new Map((types.data ?? []).map(({ manifest }) => [manifest.type, manifest])),
    [types.data],
  );
  const { workflow, edit, saveNow } = draft;
  const [isOrderOpen, setOrderOpen] = useState(false);
  // Of a renamed block the address follows a moment later: the panel stays at its place.
  const renaming = useRef<number>(undefined);
  const open = (block: string | undefined): void => {
    renaming.current = undefined;
    void navigate({ search: (known) => withPart(known, 'block', block) });
  };
  useEditKeys({ save: () => void saveNow(), undo: draft.undo, redo: draft.redo, isText: view === 'yaml' });

  const blocks = workflow?.blocks ?? [];
  const shown = blocks.findIndex((one) => one.id === opened);
  const isRenaming = renaming.current !== undefined && opened !== undefined;
  const at = isRenaming && shown < 0 && renaming.current! < blocks.length ? renaming.current! : shown;
  useEffect(() => {
    if (shown >= 0) renaming.current = undefined;
  }, [shown]);
  const rename = (name: string): void => {
    renaming.current = at;
    edit({ kind: 'rename-block', at, id: name });
    void navigate({ search: (known) => ({ ...known, block: name }), replace: true });
  };
  const add = (block: EditedBlock): void => {
    edit({ kind: 'add-block', at: at < 0 ? blocks.length : at + 1, block });
    open(block.id);
  };
  return (
    <>
      <Head id={id} draft={draft} workflow={workflow} edit={edit} />
      {draft.save.kind === 'conflict' && <Conflict theirs={draft.save.theirs} resolve={draft.resolve} />}
      {draft.save.kind === 'failed' && <Failure error={draft.save.error} onRetry={() => void saveNow()} />}
      <div className="builder-bar">
        <nav className="tabs" aria-label="Views of the workflow">
          {Object.entries(VIEWS).map(([name, label]) => (
            <button
              key={name}
              type="button"
              aria-pressed={view === name}
              onClick={() =>
                void navigate({ search: (known) => ({ ...known, view: name as keyof typeof VIEWS }) })
              }
            >
              {label}
            </button>
          ))}
        </nav>
        <div className="end">
          <Button variant="subtle" disabled={!draft.canUndo} onClick={draft.undo}>
            Undo
          </Button>
          <Button variant="subtle" disabled={!draft.canRedo} onClick={draft.redo}>
            Redo
          </Button>
        </div>
      </div>
      {'unreadable' in draft.reading && (
        <div className="notice" role="status">
          {draft.reading.line !== undefined && <>Line {draft.reading.line}: </>}
          {draft.reading.unreadable}
        </div>
      )}
      {view === 'yaml' ? (
        <Suspense fallback={<div className="skeleton" />}>
          <YamlEditor
            label="The workflow as YAML"
            text={draft.text}
            onChange={(text) => edit({ kind: 'replace', text })}
          />
        </Suspense>
      ) : (
        <>
          <Palette manifests={manifests} blocks={blocks} onAdd={add} />
          <div className={at >= 0 ? 'with-drawer' : undefined}>
            {view === 'list' ? (
              <BlockList
                blocks={blocks}
                manifests={manifests}
                faults={draft.faults}
                opened={opened}
                edit={edit}
                onOpen={open}
              />
            ) : (
              <Suspense fallback={<div className="skeleton" />}>
                <Canvas
                  blocks={blocks}
                  manifests={manifests}
                  faults={draft.faults}
                  opened={opened}
                  edit={edit}
                  onOpen={open}
                />
              </Suspense>
            )}
            {at >= 0 && (
              <BlockPanel
                key={at}
                blocks={blocks}
                at={at}
                manifest={manifests.get(blocks[at]!.type)}
                faults={draft.faults}
                edit={edit}
                onRename={rename}
                isOrderOpen={isOrderOpen}
                onOrderOpen={setOrderOpen}
                onClose={() => open(undefined)}
              />
            )}
          </div>
        </>
      )}
      <Problems faults={draft.faults} onOpen={open} />
    </>
  );
}

function Head({
  id,
  draft,
  workflow,
  edit,
}: {
  id: string;
  draft: WorkflowEditing;
  workflow: EditedWorkflow | undefined;
  edit: (edit: Edit) => void;
}) {
  const navigate = route.useNavigate();
  const lastRun = useInfiniteQuery(runsQuery({ workflow: id, limit: 1 })).data?.pages[0]?.runs[0];
  const run = useMutation({
    mutationFn: async () => {
      if (await draft.saveNow())
        await navigate({ to: '/workflows/$id/start', params: { id }, search: { version: 'draft' } });
    },
  });
  const publish = useMutation({
    mutationFn: async () => ((await draft.saveNow()) ? draft.publish() : undefined),
  });
  const hasFaults = draft.faults.length > 0;
  return (
    <>
      <div className="head">
        <h1 className="hidden">Workflow {workflow?.name ?? id}</h1>
        <TextInput
          aria-label="Name of the workflow"
          className="workflow-name"
          value={workflow?.name ?? ''}
          placeholder={id}
          onChange={({ currentTarget }) =>
            edit({ kind: 'set', path: ['name'], value: currentTarget.value || undefined })
          }
        />
        <code className="quiet">{id}</code>
        <span className="quiet">
          {draft.latest === null ? 'not published yet' : `version ${draft.latest} is published`}
        </span>
        <SavedMark save={draft.save} />
        <div className="end">
          <Button
            variant="default"
            loading={draft.save.kind === 'saving'}
            onClick={() => void draft.saveNow()}
          >
            SAVE
          </Button>
          <Button loading={run.isPending} disabled={hasFaults} onClick={() => run.mutate()}>
            SAVE AND RUN
          </Button>
          {lastRun && (
            <Link
              className="button-link"
              to="/runs/$id"
              params={{ id: lastRun.id }}
              search={{ view: 'results' }}
            >
              VIEW RESULTS
            </Link>
          )}
          <Button
            variant="default"
            loading={publish.isPending}
            disabled={hasFaults}
            onClick={() => publish.mutate()}
          >
            Publish
          </Button>
        </div>
      </div>
      {publish.error && !(publish.error instanceof ApiProblem && publish.error.status === 412) && (
        <Failure error={publish.error} />
      )}
      {publish.data !== undefined && (
        <div className="notice calm" role="status">
          Version {publish.data} is published.
        </div>
      )}
    </>
  );
}

function BlockPanel({ onClose, ...form }: ComponentProps<typeof BlockForm> & { onClose: () => void }) {
  const { blocks, at, manifest } = form;
  const block = blocks[at]!;
  return (
    <aside
      className="drawer"
      aria-label={`Settings of ${block.id}`}
      onKeyDown={({ key }) => {
        if (key === 'Escape') onClose();
      }}
    >
      <header>
        <h2>{block.id}</h2>
        <span className="quiet">{manifest?.title ?? block.type}</span>
        <button type="button" className="icon end" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="inside">
        <BlockForm {...form} />
      </div>
    </aside>
  );
}

function Problems({ faults, onOpen }: { faults: WorkflowDraft['errors']; onOpen: (block: string) => void }) {
  if (faults.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="problems">
      <header>
        <h2 id="problems">Problems ({faults.length})</h2>
        <span className="quiet">A draft may have them; what runs or is published may not.</span>
      </header>
      <ul className="problems">
        {faults.map(({ field, message }, n) => {
          const block = /^blocks\.([^.]+)/.exec(field)?.[1];
          return (
            <li key={n}>
              {block === undefined ? (
                <code>{field}</code>
              ) : (
                <button type="button" className="plain" onClick={() => onOpen(block)}>
                  {field.replace('blocks.', '')}
                </button>
              )}{' '}
              {message}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
